"""What uPay gives back by itself: a payment that succeeded for an order that was taken by then."""

from __future__ import annotations

from datetime import datetime

from domain import settlements
from domain.decisions import Announce
from domain.refunds import giving, steps
from domain.refunds.giving import Gift
from models.ids import new_id
from models.movements import Movement
from models.payments import Payment
from models.refunds import Refund, RefundOrigin, RefundReason, RefundStatus


async def give_back_in(announce: Announce, paid: Movement, now: datetime) -> Refund:
    """Gives back all that was captured of a payment whose order another one had taken.

    In the caller's decision, which has captured it: the merchant has the money by its posting.
    """
    payment = await Payment.get(movement_id=paid.id)
    refund = Refund(
        id=new_id(),
        payment_id=paid.id,
        merchant_id=payment.merchant_id,
        amount=payment.refundable,
        currency=paid.currency,
        reason=RefundReason.ORDER_PAID_TWICE,
        origin=RefundOrigin.AUTOMATIC,
        status=RefundStatus.SUCCEEDED,
        created_at=now,
    )
    key = settlements.own_key(paid.id, "give_back")
    gift = Gift(refund=refund, paid=paid, key=key, by=steps.UPAY, is_new=True)
    return await giving.give_in(announce, gift, now)
