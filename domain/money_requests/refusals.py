"""Why money is not asked for, or not paid as it was asked for."""

from __future__ import annotations

from domain.money import MinorUnits
from domain.refusals import Refusal
from models.money_requests import MoneyRequest


class RequestClosed(Refusal):
    """It was paid, declined or cancelled before, or its time is over; `request` says which."""

    def __init__(self, request: MoneyRequest) -> None:
        super().__init__("This request is closed.")
        self.request = request


class RequestAmountDiffers(Refusal):
    """The payer names another amount than was asked for: `expected` of `currency`."""

    def __init__(self, expected: MinorUnits, currency: str) -> None:
        super().__init__("The request asks for another amount.")
        self.expected = expected
        self.currency = currency


class TooManyRequests(Refusal):
    """So many are open that no more may be made: of the asker, or between the two."""

    def __init__(self) -> None:
        super().__init__("Too many requests are open.")


class RequestExpiryInvalid(Refusal):
    """A request is open for 1 to 30 days."""

    def __init__(self) -> None:
        super().__init__("A request is open for 1 to 30 days.")
