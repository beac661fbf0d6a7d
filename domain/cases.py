"""Cases: what uPay cannot put right by itself, for somebody at the desk to look into."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import audit
from domain.decisions import Announce, decision
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.cases import Case, CaseKind, CaseOutcome
from models.ids import new_id
from models.places import Place, oldest

TOPIC: Final = "cases"


class CaseClosedAlready(Refusal):
    """Somebody at the desk closed it before; `case` says how."""

    def __init__(self, case: Case) -> None:
        super().__init__("This case is closed already.")
        self.case = case


CLOSE_REFUSALS: Final = (audit.ReasonRequired, CaseClosedAlready)


async def open_in(
    announce: Announce, kind: CaseKind, *, subject_id: UUID, now: datetime, **detail: str | int
) -> None:
    """Opens a case in the caller's decision; while one of this kind and subject is open, none.

    `detail` holds codes, ids and minor units, never a name or a secret.
    """
    case = Case(id=new_id(), kind=kind, subject_id=subject_id, detail=detail, opened_at=now)
    await Case.bulk_create([case], ignore_conflicts=True)
    announce(TOPIC)


async def page(
    *, by: Identity, is_open: bool, kind: CaseKind | None, limit: int, after: Place | None
) -> list[Case]:
    """Up to `limit` cases that come after a place, the oldest first.

    Raises:
        NotFound: whoever asks does not work at the desk.
    """
    by.require_desk()
    found = Case.filter(closed_at__isnull=is_open)
    if kind is not None:
        found = found.filter(kind=kind)
    return await oldest(found, "opened_at", limit=limit, after=after)


async def close(
    *, by: Identity, case_id: UUID, outcome: CaseOutcome, reason: str, now: datetime
) -> Case:
    """Ends a case with what came of it; on record. No money moves by it.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, or whoever asks does not work at the desk.
        CaseClosedAlready: an agent was faster.
    """
    by.require_desk()
    why = audit.reason(reason)
    async with decision() as announce:
        case = await Case.filter(id=case_id).select_for_update(no_key=True).get_or_none()
        if case is None:
            raise NotFound
        if case.closed_at is not None:
            raise CaseClosedAlready(case)
        case.closed_at, case.closed_by = now, by.person_id
        case.outcome, case.reason = outcome, why
        await case.save(update_fields=["closed_at", "closed_by", "outcome", "reason"])
        await audit.record(
            actor_id=by.person_id,
            action="close_case",
            subject_id=case.id,
            reason=why,
            now=now,
            outcome=outcome.value,
        )
        announce(TOPIC)
    return case
