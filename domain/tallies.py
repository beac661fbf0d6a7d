"""Counts that cost next to nothing to keep: plain numbers of this process, read when asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for how long something takes that somebody waits for."""

SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128)
"""Bounds for how many of something came together."""


class Spread:
    """How many numbers fell up to each of `bounds`, and what all of them are together.

    `counts` has one place for each bound and a last one for what is beyond them all.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, number: float) -> None:
        self.counts[bisect_left(self.bounds, number)] += 1
        self.total += number


@dataclass(slots=True)
class LedgerTally:
    """What one process posted since it began.

    `commands` counts by how each was answered: an outcome of the ledger, or `busy`, `unknown`,
    `broken` for what came to none. `seconds` is how long callers waited for that, and
    `batches` how many commands were posted together.
    """

    commands: Counter[str] = field(default_factory=Counter)
    seconds: Spread = field(default_factory=Spread)
    batches: Spread = field(default_factory=lambda: Spread(SIZES))


@dataclass(slots=True)
class JobsTally:
    """What one worker tried since it began: by kind and by how it ended (`done`, `retried`, …)."""

    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: Spread = field(default_factory=Spread)
