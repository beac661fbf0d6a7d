"""Why a payment is not made as it was asked for, and why a merchant cannot capture or void it."""

from __future__ import annotations

from domain.money import MinorUnits
from domain.payments.states import State
from domain.refusals import Refusal


class AmountMismatch(Refusal):
    """The payer saw another amount than the order's, `expected` minor units of `currency`."""

    def __init__(self, expected: MinorUnits, currency: str) -> None:
        super().__init__("The order is over another amount.")
        self.expected = expected
        self.currency = currency


class MerchantMismatch(Refusal):
    """The order is of another merchant than the payer named."""

    def __init__(self) -> None:
        super().__init__("This order is of another merchant.")


class NothingToCapture(Refusal):
    """Nothing of the payment waits to be captured; `state` says what became of it."""

    def __init__(self, state: State) -> None:
        super().__init__("Nothing of this payment can be captured.")
        self.state = state


class NothingToVoid(Refusal):
    """Nothing of the payment waits to be given back; `state` says what became of it."""

    def __init__(self, state: State) -> None:
        super().__init__("Nothing of this payment can be voided.")
        self.state = state


class CaptureExceeds(Refusal):
    """Less is left of what was authorised: `capturable` minor units of `currency`."""

    def __init__(self, capturable: MinorUnits, currency: str) -> None:
        super().__init__("Less than that is left of what was authorised.")
        self.capturable = capturable
        self.currency = currency


class CaptureBlocked(Refusal):
    """A freeze keeps the money where it is; whose it is, and why, is not the merchant's to know."""

    def __init__(self) -> None:
        super().__init__("This payment cannot be captured at present.")
