"""Cases: payments that an agent must decide on, in a day at the most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import audit, jobs, releases, security_events
from domain.decisions import Announce, decision, retrying
from domain.refusals import NotFound, Refusal
from domain.releases import Ground
from domain.risk.records import note_place
from domain.sessions import Identity
from models.ids import new_id
from models.movements import Movement
from models.places import Place, oldest
from models.risk import (
    CaseCause,
    CaseDecision,
    CaseOutcome,
    CaseStatus,
    Inquiry,
    RiskCase,
    RiskHit,
)
from models.security_events import EventKind

DECIDED_WITHIN: Final = timedelta(hours=24)
EXPIRE_JOB: Final = "expire_risk_case"


class CaseClosed(Refusal):
    """Somebody or something decided it before; `case` says how."""

    def __init__(self, case: RiskCase) -> None:
        super().__init__("This case is closed already.")
        self.case = case


READ_REFUSALS: Final = (audit.ReasonRequired,)
DECIDE_REFUSALS: Final = (audit.ReasonRequired, CaseClosed)


async def open_in(
    announce: Announce, movement: Movement, quote_id: UUID | None, now: datetime
) -> RiskCase:
    """Opens the case of a payment that is set aside IN_REVIEW, in the decision that does so.

    Without a decision in 24 hours the payment fails. The payer is told that it waits, not why.
    """
    case = await _opened(
        person_id=movement.person_id,
        movement_id=movement.id,
        quote_id=quote_id,
        cause=CaseCause.RULE,
        now=now,
    )
    await jobs.enqueue(announce, EXPIRE_JOB, subject_id=case.id, due_at=case.deadline_at)
    await security_events.record(
        announce,
        EventKind.PAYMENT_IN_REVIEW,
        person_id=movement.person_id,
        now=now,
        movement_id=str(movement.id),
    )
    return case


async def open_for(
    inquiry: Inquiry, movement: Movement | None, cause: CaseCause, now: datetime
) -> None:
    """Opens a case about what somebody was asked, in the caller's decision.

    A payment that has an open case gets no other.
    """
    if movement is not None and await RiskCase.exists(
        movement_id=movement.id, status=CaseStatus.PENDING
    ):
        return
    await _opened(
        person_id=inquiry.person_id,
        movement_id=None if movement is None else movement.id,
        quote_id=inquiry.quote_id,
        cause=cause,
        now=now,
    )


async def look_at(*, by: Identity, case_id: UUID, reason: str, now: datetime) -> RiskCase:
    """The case, for an agent who says why they look; that they did is on record.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, or whoever asks does not work at the desk.
    """
    by.require_desk()
    why = audit.reason(reason)
    case = await RiskCase.get_or_none(id=case_id)
    if case is None:
        raise NotFound
    async with decision():
        await _record(by, "view_risk_case", case, why, now)
    return case


async def page(
    *, by: Identity, status: CaseStatus, limit: int, after: Place | None
) -> list[RiskCase]:
    """Up to `limit` cases that come after a place, by (deadline_at, id).

    Raises:
        NotFound: whoever asks does not work at the desk.
    """
    by.require_desk()
    found = RiskCase.filter(status=status)
    return await oldest(found, "deadline_at", limit=limit, after=after)


async def hits(case: RiskCase) -> list[RiskHit]:
    """Which rules fitted the payment, in force or not."""
    if case.quote_id is None:
        return []
    return await RiskHit.filter(quote_id=case.quote_id).order_by("rule", "id")


async def decide(
    *,
    by: Identity,
    case_id: UUID,
    verdict: CaseDecision,
    outcome: CaseOutcome,
    reason: str,
    now: datetime,
    ground: Ground = Ground.RISK,
) -> RiskCase:
    """Closes a case: APPROVED lets the payment go on, DECLINED gives the money back.

    `ground` is why a declined one is: the payer hears the same of each.

    What a freeze keeps from going on fails with that reason; the case is closed all the same. A
    payment that has ended already stays as it is. Opens its own decision.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is no such case, it is about `by`, or they do not work at the desk.
        CaseClosed: an agent was faster, the day is over, or the payer took the payment back.
    """
    by.require_desk()
    assert verdict in {CaseDecision.APPROVED, CaseDecision.DECLINED}
    why = audit.reason(reason)
    case = await RiskCase.get_or_none(id=case_id)
    if case is None or case.person_id == by.person_id:
        raise NotFound
    await expire(case_id, now)

    async def decided() -> RiskCase:
        async with decision() as announce:
            case = await RiskCase.get(id=case_id)
            if case.status is CaseStatus.CLOSED:
                raise CaseClosed(case)
            if case.movement_id is not None:
                if verdict is CaseDecision.APPROVED:
                    await releases.approve_in(announce, case.movement_id, now)
                else:
                    await releases.decline_in(announce, case.movement_id, ground, now)
            # Whoever was faster with the money has closed the case in the same decision.
            closing = RiskCase.filter(id=case.id, status=CaseStatus.PENDING)
            if not await closing.update(
                status=CaseStatus.CLOSED,
                decision=verdict,
                outcome=outcome,
                reason=why,
                decided_by=by.person_id,
                decided_at=now,
            ):
                raise CaseClosed(await RiskCase.get(id=case.id))
            if verdict is CaseDecision.APPROVED:
                await _know_places(case, now)
            await _record(by, "decide_risk_case", case, why, now, decision=verdict.value)
        return await RiskCase.get(id=case.id)

    return await retrying(decided)


async def expire(case_id: UUID, now: datetime) -> None:
    """Declines what nobody decided in time; done again, or after a decision, it changes nothing."""

    async def expired() -> None:
        async with decision() as announce:
            case = await RiskCase.get(id=case_id)
            if not _is_overdue(case, now) or case.movement_id is None:
                return
            await releases.decline_in(announce, case.movement_id, releases.EXPIRED, now)
            closing = RiskCase.filter(id=case.id, status=CaseStatus.PENDING)
            if not await closing.update(
                status=CaseStatus.CLOSED, decision=CaseDecision.EXPIRED, decided_at=now
            ):
                raise CaseClosed(case)

    try:
        await retrying(expired)
    except CaseClosed:
        return


async def _opened(
    *,
    person_id: UUID,
    movement_id: UUID | None,
    quote_id: UUID | None,
    cause: CaseCause,
    now: datetime,
) -> RiskCase:
    return await RiskCase.create(
        id=new_id(),
        person_id=person_id,
        movement_id=movement_id,
        quote_id=quote_id,
        cause=cause,
        status=CaseStatus.PENDING,
        opened_at=now,
        deadline_at=now + DECIDED_WITHIN,
    )


def _is_overdue(case: RiskCase, now: datetime) -> bool:
    """Only a payment that waits for an agent cannot wait for ever."""
    is_open = case.status is CaseStatus.PENDING
    return is_open and case.cause is CaseCause.RULE and case.deadline_at <= now


async def _know_places(case: RiskCase, now: datetime) -> None:
    """Where an approved payment came from is a place of the payer's from now on."""
    for place in {hit.place for hit in await hits(case) if hit.place is not None}:
        await note_place(case.person_id, place, now)


async def _record(
    by: Identity, action: str, case: RiskCase, why: str, now: datetime, **detail: str
) -> None:
    await audit.record(
        actor_id=by.person_id,
        action=action,
        subject_id=case.id,
        reason=why,
        now=now,
        customer_id=str(case.person_id),
        **detail,
    )
