"""Payouts: what a settlement sends to a merchant's bank, and how the merchant hears of its end."""

from __future__ import annotations

from datetime import datetime

from domain import cases, merchant_events
from domain.decisions import Announce
from domain.merchant_events import EventType
from models.cases import CaseKind
from models.movements import Movement, MovementKind, MovementStatus
from models.settlements import Settlement


async def tell_in(announce: Announce, payout: Movement, now: datetime) -> None:
    """Has the merchant told how its payout ended, in the decision that ends it.

    Of another movement, or one that has not ended, nothing is told.
    """
    if payout.kind is not MovementKind.PAYOUT or not payout.status.is_final:
        return
    if payout.status is not MovementStatus.COMPLETED:
        await tell_failed_in(announce, payout, now)
        return
    settlement = await Settlement.get(payout_id=payout.id)
    for type, subject_id in (
        (EventType.PAYOUT_SUCCEEDED, payout.id),
        (EventType.SETTLEMENT_PAID, settlement.id),
    ):
        await merchant_events.record(
            announce, settlement.merchant_id, type, subject_id=subject_id, now=now
        )


async def tell_failed_in(announce: Announce, payout: Movement, now: datetime) -> None:
    """Has merchant and desk told that the bank did not keep it: the money is theirs again."""
    settlement = await Settlement.get(payout_id=payout.id)
    await cases.open_in(announce, CaseKind.PAYOUT_FAILED, subject_id=payout.id, now=now)
    await merchant_events.record(
        announce, settlement.merchant_id, EventType.PAYOUT_FAILED, subject_id=payout.id, now=now
    )
