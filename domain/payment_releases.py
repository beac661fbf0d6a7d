"""What a decision about a case does with a payment to a merchant: it takes its order, or goes back.

While somebody looked, another payment may have taken the order, or the order was closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain import ledger, orders, refunds, settlements
from domain.decisions import Announce
from domain.ledger import Outcome
from domain.orders import Standing
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.orders import Order, OrderStatus
from models.payments import Payment
from models.quotes import Capture

_CODES: Final = {
    Standing.PAID: "ORDER_PAID",
    Standing.CLOSED: "ORDER_CLOSED",
    Standing.EXPIRED: "ORDER_EXPIRED",
}


async def approve_in(
    announce: Announce, movement: Movement, held: Hold, now: datetime
) -> tuple[ledger.Posted, bool]:
    """Lets a payment in review go on, and says whether its money went back all the same.

    What is captured at once is the merchant's now, or, when another payment has taken the order,
    its payer's again by a refund. What is captured later waits for its merchant, or is released.
    An order that was closed meanwhile is not paid. The caller's decision has locked nothing yet.
    """
    payment = await Payment.get(movement_id=movement.id)
    order = await _locked(payment)
    if order.status is OrderStatus.OPEN:
        if order.capture is Capture.LATER:
            return await _authorize_in(announce, movement, payment, now), False
        return await settlements.settle_in(announce, movement, held, now=now), False
    if order.status is OrderStatus.PAID and order.capture is Capture.NOW:
        return await _pay_twice_in(announce, movement, held, now)
    code = _CODES[orders.standing(order, now)]
    posted = await settlements.fail_in(announce, movement, held, code=code, now=now)
    return posted, posted.outcome is not Outcome.STALE


async def end_in(
    announce: Announce,
    movement: Movement,
    *,
    key: ledger.Key,
    to: MovementStatus,
    failure_code: str | None = None,
    now: datetime,
) -> ledger.Posted:
    """Gives back what waits of a payment, which becomes `to`; what was captured stays captured.

    An order that it had taken, and of which nothing was captured, is closed. In the caller's
    decision, which may have locked orders and accounts.
    """
    order = await _locked(await Payment.get(movement_id=movement.id))
    held = await Hold.get(movement_id=movement.id)
    is_kept = held.captured > 0
    back = ledger.release(
        movement,
        held,
        key=key,
        at=now,
        to=MovementStatus.COMPLETED if is_kept else to,
        failure_code=None if is_kept else failure_code,
    )
    posted = await ledger.post_in(announce, back)
    if posted.outcome is not Outcome.STALE and not is_kept and order.paid_by == movement.id:
        await orders.close_in(announce, order, now)
    return posted


async def lock_orders(movements: Sequence[Movement]) -> None:
    """Locks the orders of those of these movements that pay one; before any account is locked."""
    ids = [row.id for row in movements if row.kind is MovementKind.MERCHANT_PAYMENT]
    order_ids = await Payment.filter(movement_id__in=ids).values_list("order_id", flat=True)
    await Order.filter(id__in=list(order_ids)).order_by("id").select_for_update(no_key=True)


async def _pay_twice_in(
    announce: Announce, movement: Movement, held: Hold, now: datetime
) -> tuple[ledger.Posted, bool]:
    """The books show that it succeeded and went back, as both sides will be asked about."""
    posted = await settlements.settle_in(announce, movement, held, now=now)
    paid = posted.movement
    is_paid = paid is not None and paid.status is MovementStatus.COMPLETED
    if posted.outcome is not Outcome.DONE or not is_paid:
        return posted, False
    await refunds.give_back_in(announce, movement, now)
    return posted, True


async def _authorize_in(
    announce: Announce, movement: Movement, payment: Payment, now: datetime
) -> ledger.Posted:
    """The money is set aside already; from now on its merchant can count on it."""
    assert payment.capture_before is not None, "what is captured later says by when"
    waiting = ledger.mark(
        movement,
        MovementStatus.PENDING,
        key=settlements.own_key(movement.id, "approve"),
        at=now,
        job=(settlements.VOID_JOB, payment.capture_before),
    )
    return await ledger.post_in(announce, waiting)


async def _locked(payment: Payment) -> Order:
    order = await orders.locked(payment.order_id)
    assert order is not None, "a payment has its order"
    return order
