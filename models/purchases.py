"""Purchases: payments with the movement, the order and the merchant that belong to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models.database import Client, client
from models.merchants import Merchant
from models.movements import Movement, MovementStatus
from models.orders import Order
from models.payments import Payment
from models.places import Place

_READ: Final = """
    SELECT p, m, o, s,
           -- The house's own key of a step that only a payer brings about: see `domain.inquiries`.
           m.status = 'cancelled' AND EXISTS (
               SELECT 1 FROM idempotency_keys k
               WHERE k.owner_id = '00000000-0000-0000-0000-000000000000'
                   AND k.key = replace(m.id::text, '-', '') || ':recall'
           ) AS is_recalled
    FROM payments p
    JOIN movements m ON m.id = p.movement_id
    JOIN orders o ON o.id = p.order_id JOIN merchants s ON s.id = p.merchant_id
"""
_OF: Final = f"{_READ} WHERE p.movement_id = ANY ($1)"
_PAGE: Final = f"""{_READ}
    WHERE p.merchant_id = $1
      AND ($2::timestamptz IS NULL OR (p.created_at, p.movement_id) < ($2, $3))
      AND ($5::text[] IS NULL OR m.status = ANY ($5))
      AND ($6::text IS NULL OR o.reference = $6)
      AND ($7::timestamptz IS NULL OR p.created_at >= $7)
      AND ($8::timestamptz IS NULL OR p.created_at < $8)
    ORDER BY p.created_at DESC, p.movement_id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A payment and all that belongs to it, as they were at one moment.

    `is_recalled`: it went back because its payer said that it was not them.
    """

    payment: Payment
    movement: Movement
    order: Order
    merchant: Merchant
    is_recalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which payments of a merchant; what is None or empty is not asked."""

    statuses: Sequence[MovementStatus] = ()
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ANYTHING: Final = Filter()


async def of(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, Purchase]:
    """The purchases that these movements are, in one statement outside of any transaction."""
    rows = await database.pool.fetch(_OF, list(movement_ids))
    return {each.movement.id: each for each in map(_purchase, rows)}


async def page(
    merchant_id: UUID, *, limit: int, after: Place | None, wanted: Filter
) -> list[Purchase]:
    """Up to `limit` payments to a merchant that come after a place, newest first, in one statement.

    Those that failed are among them.
    """
    after_at, after_id = after or (None, None)
    rows = await client().pool.fetch(
        _PAGE,
        merchant_id,
        after_at,
        after_id,
        limit,
        [status.value for status in wanted.statuses] or None,
        None if wanted.reference is None else wanted.reference.replace("\0", ""),
        wanted.since,
        wanted.until,
    )
    return [_purchase(row) for row in rows]


def _purchase(row: Any) -> Purchase:
    payment, movement, order, merchant, is_recalled = row
    return Purchase(
        Payment._init_from_db(**payment),
        Movement._init_from_db(**movement),
        Order._init_from_db(**order),
        Merchant._init_from_db(**merchant),
        is_recalled,
    )
