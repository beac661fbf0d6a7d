"""The refunds of an archive: what went back of somebody's payments, and what they asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from tortoise.expressions import Subquery

from domain.exports.subjects import Row, Subject
from models.movements import Movement, MovementKind
from models.refunds import Refund, RefundOrigin

ABOUT: Final = (
    "Money of your payments that went back, or that you asked for. Amounts are minor units of the "
    "currency; the note is what you wrote, and null where somebody else did."
)
COLUMNS: Final = (
    "id",
    "payment",
    "amount",
    "currency",
    "reason",
    "note",
    "origin",
    "status",
    "created_at",
    "settled_at",
)
PAGE_ROWS: Final = 500


async def pages(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    """Every refund of every payment, in the order in which they were begun."""
    payments = Movement.filter(person_id=subject.person.id, kind=MovementKind.MERCHANT_PAYMENT)
    theirs = Refund.filter(payment_id__in=Subquery(payments.values("id")))
    last = UUID(int=0)
    while found := await theirs.filter(id__gt=last).order_by("id").limit(PAGE_ROWS):
        last = found[-1].id
        yield [_row(row) for row in found]


def _row(refund: Refund) -> Row:
    is_mine = refund.origin is RefundOrigin.CUSTOMER
    return {
        "id": f"rfd_{refund.id.hex}",
        "payment": f"pay_{refund.payment_id.hex}",
        "amount": refund.amount,
        "currency": refund.currency,
        "reason": refund.reason.value,
        "note": refund.note if is_mine else None,
        "origin": refund.origin.value,
        "status": refund.status.value,
        "created_at": refund.created_at,
        "settled_at": refund.settled_at,
    }
