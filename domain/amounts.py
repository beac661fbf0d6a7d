"""Amounts that people ask for: more than nothing, small enough, in the wallet's currency."""

from __future__ import annotations

from enum import StrEnum

from domain.money import MAX_MINOR_UNITS, MinorUnits
from domain.refusals import Refusal


class AmountFault(StrEnum):
    """What is wrong with an amount."""

    NOT_POSITIVE = "not_positive"
    TOO_LARGE = "too_large"


class AmountInvalid(Refusal):
    """The amount is zero, negative, or larger than every client can hold exactly."""

    def __init__(self, reason: AmountFault) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


_SENTENCES = {
    AmountFault.NOT_POSITIVE: "The amount must be greater than zero.",
    AmountFault.TOO_LARGE: "The amount is too large.",
}


class CurrencyMismatch(Refusal):
    """The amount is in one currency and the wallet in another; uPay exchanges none."""

    def __init__(self, currency: str, wallet_currency: str) -> None:
        super().__init__("The amount is in another currency than the wallet.")
        self.currency = currency
        self.wallet_currency = wallet_currency


def checked(amount: int, currency: str, *, wallet_currency: str) -> MinorUnits:
    """The amount, in minor units of `currency`, as one that can be paid from or into the wallet.

    Raises:
        AmountInvalid: it is not between 1 and `MAX_MINOR_UNITS`.
        CurrencyMismatch: the wallet holds another currency.
    """
    if amount < 1:
        raise AmountInvalid(AmountFault.NOT_POSITIVE)
    if amount > MAX_MINOR_UNITS:
        raise AmountInvalid(AmountFault.TOO_LARGE)
    if currency != wallet_currency:
        raise CurrencyMismatch(currency, wallet_currency)
    return MinorUnits(amount)
