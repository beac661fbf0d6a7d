"""Why money of a payment does not go back."""

from __future__ import annotations

from datetime import datetime

from domain.money import MinorUnits
from domain.refusals import Refusal
from models.refunds import Refund


class PaymentNotCaptured(Refusal):
    """The merchant has nothing of this payment: what is only authorised is voided."""

    def __init__(self) -> None:
        super().__init__("Nothing of this payment has been captured.")


class RefundExceeds(Refusal):
    """More than can still go back: `refundable`, in minor units of `currency`, maybe zero."""

    def __init__(self, refundable: MinorUnits, currency: str) -> None:
        super().__init__("That is more than can be refunded.")
        self.refundable = refundable
        self.currency = currency


class RefundWindowClosed(Refusal):
    """The payment is too old to be refunded; it could be until `closed_at`."""

    def __init__(self, closed_at: datetime) -> None:
        super().__init__("This payment is too old to be refunded.")
        self.closed_at = closed_at


class AlreadyRequested(Refusal):
    """The payer has asked for this payment before, and the merchant has yet to answer: `refund`."""

    def __init__(self, refund: Refund) -> None:
        super().__init__("A refund of this payment was asked for already.")
        self.refund = refund


class RefundDecided(Refusal):
    """What was asked for is no longer waiting; `refund` says what became of it."""

    def __init__(self, refund: Refund) -> None:
        super().__init__("This refund is no longer waiting for an answer.")
        self.refund = refund


class CannotRetry(Refusal):
    """Only a refund that failed is tried again; `refund` says how it stands."""

    def __init__(self, refund: Refund) -> None:
        super().__init__("This refund has not failed.")
        self.refund = refund
