"""What a limit says no with: one refusal for each thing that can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.money import MinorUnits
from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.limits.standings import Standing


class Exceeded(Exception):
    """`standing` is the limit as it stands; `missing` is by how much it would be passed.

    Both are in minor units of `currency`; where payments are counted, `missing` is 0.
    """

    def __init__(self, standing: Standing, missing: int, currency: str) -> None:
        super().__init__(type(self).__doc__)
        self.standing = standing
        self.missing = MinorUnits(missing)
        self.currency = currency


class SingleLimitExceeded(Exceeded, Refusal):
    """The payment is larger than one payment may be."""


class IdentityRequired(Exceeded, Refusal):
    """Nobody at the payer's level of verification may pay anything."""


class CountLimitExceeded(Exceeded, Refusal):
    """No more payments may be made today."""


class DayLimitExceeded(Exceeded, Refusal):
    """The payment would pass the limit for today."""


class MonthLimitExceeded(Exceeded, Refusal):
    """The payment would pass the limit for this month."""


class YearLimitExceeded(Exceeded, Refusal):
    """The payment would pass the limit for this year."""


class OwnLimitExceeded(Exceeded, Refusal):
    """The payment would pass a limit that the payer set themselves."""


EXCEEDED: Final = (
    IdentityRequired,
    SingleLimitExceeded,
    CountLimitExceeded,
    DayLimitExceeded,
    MonthLimitExceeded,
    YearLimitExceeded,
    OwnLimitExceeded,
)
"""All that `limits.check_can_spend` may refuse with."""
