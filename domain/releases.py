"""What a decision about a case does with the money that waits: it goes on, or back."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import ledger, security_events, settlements
from domain.decisions import Announce
from domain.ledger import Outcome
from models.movements import Hold, Movement, MovementStatus
from models.security_events import EventKind

DECLINED: Final = "RISK_DECLINED"
EXPIRED: Final = "REVIEW_EXPIRED"


async def approve_in(announce: Announce, movement_id: UUID, now: datetime) -> None:
    """Lets a payment in review go on, at once or when it was to arrive, and tells its payer.

    In the caller's decision, which has locked nothing yet. What waits for its time only, or has
    ended, or was changed by somebody else meanwhile, stays as it is.
    """
    movement = await Movement.get(id=movement_id)
    held = await Hold.get_or_none(movement_id=movement_id)
    if movement.status is not MovementStatus.IN_REVIEW or held is None:
        return
    if movement.arrives_at is None or movement.arrives_at <= now:
        posted = await settlements.settle_in(announce, movement, held, now=now)
    else:
        posted = await _wait_in(announce, movement, movement.arrives_at, now)
    await _tell(announce, posted, now)


async def decline_in(announce: Announce, movement_id: UUID, code: str, now: datetime) -> None:
    """Gives back what is set aside, with the reason, and tells the payer; otherwise as above."""
    movement = await Movement.get(id=movement_id)
    held = await Hold.get_or_none(movement_id=movement_id)
    if held is None or not held.remaining:
        return
    posted = await settlements.fail_in(announce, movement, held, code=code, now=now)
    await _tell(announce, posted, now)


async def _wait_in(
    announce: Announce, movement: Movement, arrives_at: datetime, now: datetime
) -> ledger.Posted:
    waiting = ledger.mark(
        movement,
        MovementStatus.PENDING,
        key=settlements.own_key(movement.id, "approve"),
        at=now,
        job=(settlements.SETTLE_JOB, arrives_at),
    )
    return await ledger.post_in(announce, waiting)


async def _tell(announce: Announce, posted: ledger.Posted, now: datetime) -> None:
    movement = posted.movement
    if movement is None or posted.outcome is Outcome.STALE:
        return
    is_released = movement.status is not MovementStatus.FAILED
    await security_events.record(
        announce,
        EventKind.PAYMENT_RELEASED if is_released else EventKind.PAYMENT_DECLINED,
        person_id=movement.person_id,
        now=now,
        movement_id=str(movement.id),
    )
