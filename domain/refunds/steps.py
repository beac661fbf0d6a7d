"""The steps of a refund: each is written with its number, and both sides hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import merchant_events
from domain.decisions import Announce
from domain.merchant_events import EventType
from domain.merchants import Actor
from models.ids import new_id
from models.movements import Movement
from models.payments import Payment
from models.refunds import Refund, RefundStatus, RefundStep
from models.streams import StreamEvent


class Outrun(Exception):
    """Somebody else took a step meanwhile; `refund` is as it is now. Nothing may be kept."""

    def __init__(self, refund: Refund) -> None:
        super().__init__("The refund is no longer as it was read.")
        self.refund = refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who takes a step: a person, a program by its key, or uPay itself, which is neither."""

    person_id: UUID | None = None
    api_key_id: UUID | None = None

    @classmethod
    def of(cls, actor: Actor) -> Author:
        return cls(person_id=actor.person_id, api_key_id=actor.api_key_id)


UPAY: Final = Author()

_EVENTS: Final = {
    RefundStatus.REQUESTED: EventType.REFUND_REQUESTED,
    RefundStatus.REJECTED: EventType.REFUND_REJECTED,
    RefundStatus.WITHDRAWN: EventType.REFUND_WITHDRAWN,
    RefundStatus.PENDING: EventType.REFUND_PENDING,
    RefundStatus.SUCCEEDED: EventType.REFUND_SUCCEEDED,
    RefundStatus.FAILED: EventType.REFUND_FAILED,
}


async def locked(payment_id: UUID) -> Payment:
    """The payment, locked as long as the caller's decision lasts; after accounts and movements."""
    return await Payment.filter(movement_id=payment_id).select_for_update(no_key=True).get()


async def begin(
    announce: Announce, refund: Refund, payment: Payment, *, by: Author, now: datetime
) -> Refund:
    """Writes a refund that there was not yet; its payment is locked."""
    await refund.save(force_create=True)
    await _note(announce, refund, payment, by, now)
    return refund


async def take(
    announce: Announce,
    refund: Refund,
    payment: Payment,
    *,
    by: Author,
    now: datetime,
    **changes: Any,
) -> Refund:
    """Writes what a refund becomes, decided upon `refund` as it was read; its payment is locked.

    Raises:
        Outrun: it has taken another step since.
    """
    read = Refund.filter(id=refund.id, version=refund.version)
    is_first = await read.update(version=refund.version + 1, **changes)
    changed = await Refund.get(id=refund.id)
    if not is_first:
        raise Outrun(changed)
    await _note(announce, changed, payment, by, now)
    return changed


async def _note(
    announce: Announce, refund: Refund, payment: Payment, by: Author, now: datetime
) -> None:
    """The step itself, the payment's next event, and what the merchant is told."""
    await RefundStep.create(
        id=new_id(),
        refund_id=refund.id,
        place=refund.version,
        status=refund.status,
        movement_id=refund.movement_id,
        person_id=by.person_id,
        api_key_id=by.api_key_id,
        at=now,
    )
    payment.stream_seq += 1
    await payment.save(update_fields=["refunded", "refund_pending", "stream_seq"])
    movement = await Movement.get(id=payment.movement_id)
    await StreamEvent.create(
        stream_id=payment.stream_id,
        seq=payment.stream_seq,
        kind="payment",
        subject_id=payment.movement_id,
        status=movement.status.value,
        at=now,
    )
    announce(f"stream:{payment.stream_id}")
    await merchant_events.record(
        announce, payment.merchant_id, _EVENTS[refund.status], subject_id=refund.id, now=now
    )
