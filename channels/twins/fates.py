"""What becomes of a simulated order, chosen by the last two digits of its amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from channels.providers import AnswerStatus


class Accident(StrEnum):
    """What happens the first time an order comes."""

    REQUEST_LOST = "request_lost"
    ANSWER_LOST = "answer_lost"
    AWAY = "away"  # down for maintenance: nothing is taken


@dataclass(frozen=True, slots=True)
class Word:
    """What the simulator says of an order, for as long as it says that."""

    status: AnswerStatus
    decline_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How the simulator behaves for one order, charge or payout.

    It says `first`, and `later` after a delay. `callbacks` is how often it calls back about its
    last word; `calls_back_late` has it repeat, after that, what it said before.
    """

    first: Word = Word(AnswerStatus.SUCCEEDED)
    later: Word | None = None
    accident: Accident | None = None
    callbacks: int = 0
    calls_back_late: bool = False

    @property
    def calls(self) -> list[Word]:
        """What it calls back with, in this order."""
        last = [self.later or self.first] * self.callbacks
        return [*last, _PENDING] if self.calls_back_late else last


_SUCCEEDED: Final = Word(AnswerStatus.SUCCEEDED)
_PENDING: Final = Word(AnswerStatus.PENDING)
_REVERSED: Final = Word(AnswerStatus.REVERSED)


def _declined(code: str) -> Word:
    return Word(AnswerStatus.DECLINED, code)


PLAIN: Final = Fate()

# Those below 90 are ISO 8583's response codes where it has one.
_FATES: Final = {
    1: Fate(first=_declined("do_not_honor")),
    2: Fate(first=_declined("contact_bank")),
    14: Fate(first=_declined("account_invalid")),
    15: Fate(first=_declined("account_closed")),
    51: Fate(first=_declined("insufficient_funds")),
    54: Fate(first=_declined("expired_card")),
    61: Fate(first=_declined("card_limit")),
    88: Fate(first=_declined("code_88")),  # in nobody's table
    89: Fate(accident=Accident.AWAY),
    90: Fate(first=_declined("provider_down")),
    91: Fate(first=_PENDING, later=_SUCCEEDED, callbacks=1),
    92: Fate(accident=Accident.ANSWER_LOST),
    93: Fate(callbacks=2),
    94: Fate(first=_PENDING, later=_declined("do_not_honor"), callbacks=1),
    95: Fate(accident=Accident.REQUEST_LOST),
    96: Fate(later=_REVERSED, callbacks=1),
    97: Fate(later=_REVERSED),
    98: Fate(callbacks=1, calls_back_late=True),
    99: Fate(first=_declined("do_not_honor"), later=_SUCCEEDED, callbacks=1),
}


def fate(amount_minor: int) -> Fate:
    """The fate of an order over so many minor units, in whatever currency."""
    return _FATES.get(amount_minor % 100, PLAIN)
