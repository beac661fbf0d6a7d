"""How an order ends unpaid: closed by its merchant, by its time, or with what was authorised."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, merchant_events
from domain.decisions import Announce, decision
from domain.merchant_events import EventType
from domain.orders.making import EXPIRE_JOB
from domain.orders.refusals import OrderAlreadyPaid
from domain.refusals import NotFound
from models.movements import Movement, MovementStatus
from models.orders import Order, OrderOrigin, OrderStatus
from models.payments import Payment

LOOKS_AGAIN_AFTER: Final = timedelta(hours=1)

CLOSE_REFUSALS: Final = (OrderAlreadyPaid,)


async def close(order_id: UUID, *, merchant_id: UUID, now: datetime) -> Order:
    """Closes an order that nobody has paid; a closed one stays as it is.

    A payment that somebody still looks at finds it closed, and its money goes back.

    Raises:
        NotFound: it is not an order of this merchant.
        OrderAlreadyPaid: it is paid, or its money is authorised: see `payments.void`.
    """
    async with decision() as announce:
        order = await locked(order_id)
        if order is None or order.merchant_id != merchant_id:
            raise NotFound
        if order.status is OrderStatus.PAID:
            raise OrderAlreadyPaid
        if order.status is OrderStatus.OPEN:
            await close_in(announce, order, now)
    return order


async def expire(order_id: UUID, now: datetime) -> None:
    """Closes an order whose time is over; done again, or once it is paid, it changes nothing.

    While somebody at uPay looks at a payment that was made in time, the order waits for them.
    """
    async with decision() as announce:
        order = await locked(order_id)
        if order is None or order.status is not OrderStatus.OPEN or order.expires_at > now:
            return
        if await _is_looked_at(order):
            later = now + LOOKS_AGAIN_AFTER
            await jobs.enqueue(announce, EXPIRE_JOB, subject_id=order.id, due_at=later)
        else:
            await close_in(announce, order, now)


async def _is_looked_at(order: Order) -> bool:
    payments = await Payment.filter(order_id=order.id).values_list("movement_id", flat=True)
    waiting = Movement.filter(id__in=list(payments), status=MovementStatus.IN_REVIEW)
    return bool(payments) and await waiting.exists()


async def locked(order_id: UUID) -> Order | None:
    """The order, locked in the caller's decision; before accounts and movements, as the ledger."""
    return await Order.filter(id=order_id).select_for_update(no_key=True).get_or_none()


async def close_in(announce: Announce, order: Order, now: datetime) -> None:
    """Closes an order that the caller's decision has locked, and tells its merchant.

    Not of what a customer began at a static code and left: the merchant never heard of that.
    """
    order.status, order.closed_at = OrderStatus.CLOSED, now
    await order.save(update_fields=["status", "closed_at"])
    if order.origin is not OrderOrigin.STATIC_CODE or order.paid_by is not None:
        await merchant_events.record(
            announce, order.merchant_id, EventType.ORDER_CLOSED, subject_id=order.id, now=now
        )
