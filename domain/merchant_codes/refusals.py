"""Why a lasting code is not made, and why it cannot be paid by."""

from __future__ import annotations

from domain.money import MinorUnits
from domain.refusals import Refusal


class LabelInvalid(Refusal):
    """The label of a `place`, store or till, is at most 25 characters of visible text."""

    def __init__(self, place: str) -> None:
        super().__init__("A label is at most 25 characters of visible text.")
        self.place = place


class TooManyCodes(Refusal):
    """The merchant has as many lasting codes as one may have."""

    def __init__(self) -> None:
        super().__init__("This merchant has five hundred codes already.")


class StaticLimitExceeded(Refusal):
    """Too much would be paid today by codes without an amount.

    `limit` is for all of the payer's day, `remaining` what is left of it; minor units of
    `currency`.
    """

    def __init__(self, limit: MinorUnits, remaining: MinorUnits, currency: str) -> None:
        super().__init__("Today's limit for codes without an amount would be passed.")
        self.limit = limit
        self.remaining = remaining
        self.currency = currency
