"""What merchants' idempotency keys were used for: the answer to a program that lost its own."""

from __future__ import annotations

from uuid import UUID

from domain import keys
from models.movements import Movement
from models.orders import Order
from models.payment_codes import PaymentCode


async def answered(merchant_id: UUID, key: str) -> Movement | None:
    """The movement that a merchant's key led to; None when it never led to one, or has not yet.

    Of a customer's code that was scanned under it that is what paid the order. A try to be paid
    without asking, which failed, is not the answer: the customer is asked, and may still pay.
    """
    try:
        scanned = await PaymentCode.get_or_none(merchant_id=merchant_id, key=keys.checked(key))
    except keys.KeyInvalid:
        return None
    if scanned is None:
        return await keys.answered(merchant_id, key)
    order = await Order.get(id=scanned.order_id)
    return None if order.paid_by is None else await Movement.get(id=order.paid_by)
