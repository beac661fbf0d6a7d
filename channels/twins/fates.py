"""What becomes of a simulated order, chosen by the last two digits of its amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How the simulator behaves for one order; `callbacks` is how often it calls back."""

    declines_with: str | None = None
    is_delayed: bool = False
    loses_request: bool = False
    loses_answer: bool = False
    callbacks: int = 0

    @property
    def status(self) -> str:
        """How the order ends."""
        return "declined" if self.declines_with else "succeeded"


PLAIN: Final = Fate()

_FATES: Final = {
    1: Fate(declines_with="do_not_honor"),
    51: Fate(declines_with="insufficient_funds"),
    91: Fate(is_delayed=True, callbacks=1),
    92: Fate(loses_answer=True),
    93: Fate(callbacks=2),
    94: Fate(is_delayed=True, declines_with="do_not_honor", callbacks=1),
    95: Fate(loses_request=True),
}


def fate(amount_minor: int) -> Fate:
    """The fate of an order over so many minor units, in whatever currency."""
    return _FATES.get(amount_minor % 100, PLAIN)
