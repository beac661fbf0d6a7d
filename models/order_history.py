"""A merchant's orders, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection

from models.orders import Order
from models.places import Place

# Expired is not kept: an order that nobody paid is, from its time on. What a customer began at a
# static code and left is none of the merchant's.
_PAGE: Final = """
    SELECT o.* FROM orders o
    WHERE o.merchant_id = $1
      AND ($2::timestamptz IS NULL OR (o.created_at, o.id) < ($2, $3))
      AND (o.origin <> 'static_code' OR o.paid_by IS NOT NULL)
      AND ($5::text IS NULL OR $5 = CASE
          WHEN o.status <> 'paid' AND o.paid_by IS NULL
              AND o.expires_at <= coalesce(o.closed_at, $9) THEN 'expired'
          ELSE o.status END)
      AND ($6::text IS NULL OR o.reference = $6)
      AND ($7::timestamptz IS NULL OR o.created_at >= $7)
      AND ($8::timestamptz IS NULL OR o.created_at < $8)
    ORDER BY o.created_at DESC, o.id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which orders; what is None is not asked. `status` is a word of `orders.Standing`."""

    status: str | None = None
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ANYTHING: Final = Filter()


async def page(
    merchant_id: UUID, *, limit: int, after: Place | None, wanted: Filter, now: datetime
) -> list[Order]:
    """Up to `limit` orders of the merchant that come after a place."""
    after_at, after_id = after or (None, None)
    rows = await get_connection("default").execute_query_dict(
        _PAGE,
        [
            merchant_id,
            after_at,
            after_id,
            limit,
            wanted.status,
            None if wanted.reference is None else wanted.reference.replace("\0", ""),
            wanted.since,
            wanted.until,
            now,
        ],
    )
    return [Order._init_from_db(**row) for row in rows]
