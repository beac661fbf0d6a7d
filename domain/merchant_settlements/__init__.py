"""Settlements of merchants: every entry in one of them, fees taken, the rest sent to the bank."""

from __future__ import annotations

from uuid import UUID

from domain.merchant_settlements.batching import ChangedMeanwhile, settle
from domain.merchant_settlements.files import content
from domain.merchant_settlements.scheduling import (
    SCAN_JOB,
    SETTLE_JOB,
    scan,
    schedule,
    settled_day,
)
from domain.merchants import Actor
from domain.refusals import NotFound
from models.places import Place, newest
from models.settlements import Settlement

__all__ = [
    "SCAN_JOB",
    "SETTLE_JOB",
    "ChangedMeanwhile",
    "content",
    "owned",
    "page",
    "scan",
    "schedule",
    "settle",
    "settled_day",
]


async def owned(actor: Actor, settlement_id: UUID) -> Settlement:
    """A settlement of the actor's merchant.

    Raises:
        NotFound: it is not one of theirs.
    """
    found = await Settlement.get_or_none(id=settlement_id, merchant_id=actor.merchant_id)
    if found is None:
        raise NotFound
    return found


async def page(
    actor: Actor, *, currency: str | None, limit: int, after: Place | None
) -> list[Settlement]:
    """Up to `limit` settlements of the actor's merchant that come after a place, newest first."""
    mine = Settlement.filter(merchant_id=actor.merchant_id)
    if currency is not None:
        mine = mine.filter(currency=currency)
    return await newest(mine, "created_at", limit=limit, after=after)
