"""Why an order is not made, and why it cannot be paid."""

from __future__ import annotations

from domain.refusals import Refusal
from models.movements import Movement
from models.orders import Order


class ReferenceInvalid(Refusal):
    """A reference is 1 to 64 letters, digits and signs such as `-`, `_`, `.` or `/`."""

    def __init__(self) -> None:
        super().__init__("A reference is 1 to 64 letters, digits and - _ . : / # @ * + |.")


class ReferenceReused(Refusal):
    """The merchant has `order` under this reference already, over something else."""

    def __init__(self, order: Order) -> None:
        super().__init__("This reference was already used for another order.")
        self.order = order


class DescriptionInvalid(Refusal):
    """A description is at most 140 characters of visible text."""

    def __init__(self) -> None:
        super().__init__("A description is at most 140 characters of visible text.")


class ExpiryInvalid(Refusal):
    """An order can be paid for a minute at least, and thirty days at most."""

    def __init__(self) -> None:
        super().__init__("An order can be paid for one minute to thirty days.")


class MerchantUnavailable(Refusal):
    """The merchant takes no payments at present."""

    def __init__(self) -> None:
        super().__init__("This merchant takes no payments at present.")


class OrderNotFound(Refusal):
    """No order has this number."""

    def __init__(self) -> None:
        super().__init__("There is no order with this number.")


class OrderAlreadyPaid(Refusal):
    """The order is paid; `movement` is the payment when it is the one who asks who made it."""

    def __init__(self, movement: Movement | None = None) -> None:
        super().__init__("This order has already been paid.")
        self.movement = movement


class OrderAlreadyClosed(Refusal):
    """The merchant closed the order, or gave its payment back before it was captured."""

    def __init__(self) -> None:
        super().__init__("This order is closed.")


class OrderExpired(Refusal):
    """The order could be paid for a while, and that is over."""

    def __init__(self) -> None:
        super().__init__("This order has expired.")
