"""What this process counts of its callers: plain numbers, read when somebody asks for them.

Each count costs a fraction of a microsecond, and nobody waits for another's: one loop counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from domain.tallies import Spread

operations: Final[dict[tuple[str, str, str], Spread]] = {}
"""How long queries and mutations took, by API, kind and outcome."""

errors: Final[Counter[tuple[str, str]]] = Counter()
"""Answers whose first error had this code, by API."""

followings: Final[Counter[tuple[str, str]]] = Counter()
"""Subscriptions that ended, by API and outcome."""

events: Final[Counter[str]] = Counter()
"""Events told to subscribers, heartbeats included, by API."""

answers: Final[Counter[int]] = Counter()
"""HTTP answers by the first digit of their status."""

open_sockets: Final[Counter[str]] = Counter()
open_subscriptions: Final[Counter[str]] = Counter()


def answered(api: str, kind: str, outcome: str, seconds: float) -> None:
    """A query or mutation has its answer."""
    labels = (api, kind, outcome)
    spread = operations.get(labels)
    if spread is None:
        spread = operations[labels] = Spread()
    spread.add(seconds)


@contextmanager
def socket(path: str) -> Iterator[None]:
    """A socket is open at this address during the block."""
    api = "desk" if path.startswith("/desk/") else "public"
    open_sockets[api] += 1
    try:
        yield
    finally:
        open_sockets[api] -= 1
