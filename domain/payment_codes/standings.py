"""How a payment code stands, and how its customer declines what was scanned."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import orders
from domain.decisions import Announce, decision
from domain.refusals import NotFound
from models.movements import Movement
from models.orders import Order, OrderStatus
from models.payment_codes import PaymentCode
from models.streams import StreamEvent

EVENT_KIND: Final = "payment_code"

DECLINE_REFUSALS: Final = (orders.OrderAlreadyPaid,)


class Standing(StrEnum):
    """How a code stands at one moment; it follows from the code's times and from its order."""

    SHOWN = "shown"  # nobody has scanned it yet
    WAITING = "waiting"  # scanned, and the customer is asked
    PAID = "paid"
    DECLINED = "declined"
    CLOSED = "closed"  # the merchant closed the order
    EXPIRED = "expired"  # not scanned, or not confirmed, in time


def standing(code: PaymentCode, order: Order | None, now: datetime) -> Standing:
    """How the code stands; `order` is the one it was charged for, read after it."""
    if order is None:
        return Standing.EXPIRED if code.expires_at <= now else Standing.SHOWN
    if code.declined_at is not None:
        return Standing.DECLINED
    return _OF_ORDERS[orders.standing(order, now)]


_OF_ORDERS: Final = {
    orders.Standing.OPEN: Standing.WAITING,
    orders.Standing.PAID: Standing.PAID,
    orders.Standing.CLOSED: Standing.CLOSED,
    orders.Standing.EXPIRED: Standing.EXPIRED,
}


async def of(code_id: UUID, *, by: UUID) -> tuple[PaymentCode, Order | None]:
    """A code of a person, and the order it was charged for.

    Raises:
        NotFound: it is none of theirs.
    """
    code = await PaymentCode.get_or_none(id=code_id, person_id=by)
    if code is None:
        raise NotFound
    return await charged(code)


async def charged(code: PaymentCode) -> tuple[PaymentCode, Order | None]:
    """The code and the order that it was charged for, as they are now."""
    if code.order_id is None:
        return code, None
    # The order first: what was declined meanwhile is then seen, and not taken for closed.
    order = await Order.get(id=code.order_id)
    return await PaymentCode.get(id=code.id), order


async def decline(code_id: UUID, *, by: UUID, now: datetime) -> PaymentCode:
    """Says no to what was scanned: its order is closed. A code that nobody scanned ends.

    Once it is declined, closed or too old it stays as it is.

    Raises:
        NotFound: it is none of theirs.
        OrderAlreadyPaid: it was paid a moment ago.
    """
    async with decision() as announce:
        mine = PaymentCode.filter(id=code_id, person_id=by)
        code = await mine.select_for_update(no_key=True).get_or_none()
        if code is None:
            raise NotFound
        if code.order_id is None:
            code.expires_at = min(code.expires_at, now)
            await code.save(update_fields=["expires_at"])
        else:
            await _close(announce, code, code.order_id, now)
    return code


async def _close(announce: Announce, code: PaymentCode, order_id: UUID, now: datetime) -> None:
    order = await orders.locked(order_id)
    assert order is not None, "an order is never taken away"
    if order.status is OrderStatus.PAID:
        raise orders.OrderAlreadyPaid(
            await Movement.get_or_none(id=order.paid_by, person_id=code.person_id)
        )
    if order.status is OrderStatus.OPEN:
        await orders.close_in(announce, order, now)
        code.declined_at = now
        await code.save(update_fields=["declined_at"])
        await tell(announce, code, Standing.DECLINED, now)


async def tell(announce: Announce, code: PaymentCode, standing: Standing, now: datetime) -> None:
    """Tells whoever follows the code how it stands, in the decision that has its row locked."""
    code.stream_seq += 1
    await code.save(update_fields=["stream_seq"])
    await StreamEvent.bulk_create(
        [
            StreamEvent(
                stream_id=code.id,
                seq=code.stream_seq,
                kind=EVENT_KIND,
                subject_id=code.id,
                status=standing.value,
                at=now,
            )
        ]
    )
    announce(f"stream:{code.id}")
