"""How an order stands: whether it can be paid, and if not, why not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.orders import numbers
from domain.orders.refusals import (
    MerchantUnavailable,
    OrderAlreadyClosed,
    OrderAlreadyPaid,
    OrderExpired,
    OrderNotFound,
)
from models.merchants import Merchant, MerchantStatus
from models.movements import Movement
from models.orders import Order, OrderStatus


class Standing(StrEnum):
    """How an order stands at one moment; EXPIRED is not kept, but follows from its times."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    EXPIRED = "expired"


FIND_REFUSALS: Final = (OrderNotFound,)

NOT_PAYABLE: Final = (OrderAlreadyPaid, OrderAlreadyClosed, OrderExpired, MerchantUnavailable)
"""Why an order that is there cannot be paid; once proved, why its payment would fail."""


def standing(order: Order, now: datetime) -> Standing:
    """How it stands, in the ledger's order of reasons (`ledger_unpayable`)."""
    if order.status is OrderStatus.PAID:
        return Standing.PAID
    ended_at = order.closed_at or now
    is_over = order.paid_by is None and order.expires_at <= ended_at
    if is_over:
        return Standing.EXPIRED
    return Standing.OPEN if order.status is OrderStatus.OPEN else Standing.CLOSED


async def by_number(number: str) -> Order:
    """The order that has this number, as somebody typed it.

    Raises:
        OrderNotFound: none has.
    """
    read = numbers.read(number)
    order = None if read is None else await Order.get_or_none(number=read)
    if order is None:
        raise OrderNotFound
    return order


async def check_payable(order: Order, merchant: Merchant, *, by: UUID, now: datetime) -> None:
    """Whether somebody could pay the order, as it was read; a hint, the ledger decides.

    Raises:
        One of `NOT_PAYABLE`.
    """
    match standing(order, now):
        case Standing.PAID:
            raise OrderAlreadyPaid(await Movement.get_or_none(id=order.paid_by, person_id=by))
        case Standing.CLOSED:
            raise OrderAlreadyClosed
        case Standing.EXPIRED:
            raise OrderExpired
        case Standing.OPEN:
            if merchant.status is not MerchantStatus.ACCEPTING:
                raise MerchantUnavailable
