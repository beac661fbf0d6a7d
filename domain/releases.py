"""What a decision about a case does with the money that waits: it goes on, or back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import (
    ledger,
    payment_releases,
    provider_orders,
    security_events,
    settlements,
    unclaimed,
)
from domain.decisions import Announce, decision
from domain.ledger import Outcome
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.security_events import EventKind

EXPIRED: Final = "REVIEW_EXPIRED"


class Ground(StrEnum):
    """Why an agent declines; the payer hears the same of all of them."""

    RISK = "RISK_DECLINED"
    SANCTIONED = "SANCTIONED"  # somebody's name is on a list
    LEGAL_HOLD = "LEGAL_HOLD"  # a court or an authority wants the money to stay


async def approve_in(announce: Announce, movement_id: UUID, now: datetime) -> None:
    """Lets a payment in review go on, as its kind does, and tells its payer.

    A transfer arrives at once or when it was to; a withdrawal is handed over; a payment to a
    merchant is captured, or waits for its merchant to, unless its order was taken or closed: then
    its money goes back. In the caller's decision, which has locked nothing yet. What waits for its
    time only, or has ended, or was changed by somebody else meanwhile, stays as it is.
    """
    movement = await Movement.get(id=movement_id)
    held = await Hold.get_or_none(movement_id=movement_id)
    if movement.status is not MovementStatus.IN_REVIEW or held is None:
        return
    match movement.kind:
        case MovementKind.TRANSFER if unclaimed.is_unclaimed(movement):
            await _tell(announce, await unclaimed.go_on_in(announce, movement, now), now)
        case MovementKind.MERCHANT_PAYMENT:
            posted, is_back = await payment_releases.approve_in(announce, movement, held, now)
            await _tell(announce, posted, now, is_back=is_back)
        case MovementKind.WITHDRAWAL:
            job = (settlements.SUBMIT_JOB, now)
            await _tell(announce, await _wait_in(announce, movement, job, now), now)
        case _ if movement.arrives_at is not None and movement.arrives_at > now:
            job = (settlements.SETTLE_JOB, movement.arrives_at)
            await _tell(announce, await _wait_in(announce, movement, job, now), now)
        case _:
            posted = await settlements.settle_in(announce, movement, held, now=now)
            await _tell(announce, posted, now)


async def decline_in(announce: Announce, movement_id: UUID, code: str, now: datetime) -> None:
    """Gives back what is set aside, with the reason, and tells the payer; otherwise as above.

    What a bank or a merchant has of it already stays theirs.
    """
    movement = await Movement.get(id=movement_id)
    held = await Hold.get_or_none(movement_id=movement_id)
    if held is None or not held.remaining:
        return
    with suppress(provider_orders.HandedOver):
        async with decision() as announce_back:
            posted = await _fail_in(announce_back, movement, held, code, now)
            await _tell(announce_back, posted, now)


async def _fail_in(
    announce: Announce, movement: Movement, held: Hold, code: str, now: datetime
) -> ledger.Posted:
    """Raises:
    HandedOver: a bank may have it, so that nothing of this may be kept.
    """
    if movement.kind is MovementKind.MERCHANT_PAYMENT:
        return await payment_releases.end_in(
            announce,
            movement,
            key=settlements.own_key(movement.id, "return"),
            to=MovementStatus.FAILED,
            failure_code=code,
            now=now,
        )
    posted = await settlements.fail_in(announce, movement, held, code=code, now=now)
    await provider_orders.check_unheard(movement.id)
    return posted


async def _wait_in(
    announce: Announce, movement: Movement, job: tuple[str, datetime], now: datetime
) -> ledger.Posted:
    waiting = ledger.mark(
        movement,
        MovementStatus.PENDING,
        key=settlements.own_key(movement.id, "approve"),
        at=now,
        job=job,
    )
    return await ledger.post_in(announce, waiting)


async def _tell(
    announce: Announce, posted: ledger.Posted, now: datetime, *, is_back: bool = False
) -> None:
    movement = posted.movement
    if movement is None or posted.outcome is Outcome.STALE:
        return
    is_released = movement.status is not MovementStatus.FAILED
    kind = EventKind.PAYMENT_RELEASED if is_released else EventKind.PAYMENT_DECLINED
    await security_events.record(
        announce,
        EventKind.PAYMENT_GIVEN_BACK if is_back else kind,
        person_id=movement.person_id,
        now=now,
        movement_id=str(movement.id),
    )
