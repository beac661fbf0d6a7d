"""Why a scanned payment code is not charged, or not yet."""

from __future__ import annotations

from datetime import datetime

from domain.refusals import Refusal
from models.orders import Order


class CodeUnusable(Refusal):
    """It is no code, was used, or its time is over; which of these is not said."""

    def __init__(self) -> None:
        super().__init__("This payment code cannot be used.")


class CodeTriesExhausted(Refusal):
    """The merchant showed too many codes that are none; none is looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many codes could not be used.")
        self.until = until


class UserPaying(Refusal):
    """The customer is asked to confirm; `order` waits for them."""

    def __init__(self, order: Order) -> None:
        super().__init__("The customer is asked to confirm the payment.")
        self.order = order


class UserCancelled(Refusal):
    """The customer declined, and `order` is closed."""

    def __init__(self, order: Order) -> None:
        super().__init__("The customer declined this payment.")
        self.order = order
