"""Verification: people say and show who they are, an agent decides, limits open with the level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain import audit, limits, papers, sealed_files, security_events
from domain.decisions import Announce, decision
from domain.refusals import NotFound
from domain.sessions import Identity
from domain.verification_requests import details
from domain.verification_requests.refusals import (
    AlreadyDecided,
    FullNameInvalid,
    IdNumberInvalid,
    LevelReached,
    PapersMissing,
    VerificationUnderWay,
)
from models.ids import new_id
from models.papers import Paper
from models.people import Person
from models.security_events import EventKind
from models.verification_requests import RequestStatus, VerificationRefusal, VerificationRequest

LEVELS: Final = range(1, 4)

REQUEST_REFUSALS: Final = (
    FullNameInvalid,
    IdNumberInvalid,
    PapersMissing,
    LevelReached,
    VerificationUnderWay,
)
SHOW_REFUSALS: Final = (audit.ReasonRequired,)
DECIDE_REFUSALS: Final = (audit.ReasonRequired, AlreadyDecided)


class Decision(StrEnum):
    """What an agent decides of a request."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Shown:
    """A request opened: who the person says they are, and the papers to compare it with."""

    request: VerificationRequest
    full_name: str
    id_number: str | None
    papers: Sequence[Paper]


async def request(
    *,
    by: Identity,
    level: int,
    full_name: str,
    id_number: str | None,
    paper_ids: Sequence[UUID],
    now: datetime,
    address: str = "",
) -> VerificationRequest:
    """Asks to be verified up to `level`; name and number are kept sealed, papers were kept before.

    Raises:
        FullNameInvalid, IdNumberInvalid, PapersMissing, LevelReached, VerificationUnderWay: see
            there.
        NotFound: a paper is not this person's, or is part of another request.
    """
    said = details.written(level, full_name, id_number)
    chosen = set(paper_ids)
    if len(chosen) > papers.OPEN_AT_MOST:
        raise NotFound
    if len(chosen) < details.PAPERS_NEEDED.get(level, 0):
        raise PapersMissing(details.PAPERS_NEEDED[level])
    try:
        async with decision() as announce:
            person = await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
            if person.closed_at is not None:
                raise NotFound
            if level not in LEVELS or level <= person.level:
                raise LevelReached(person.level)
            asked = VerificationRequest(
                id=new_id(),
                person_id=person.id,
                level=level,
                file_id=(await sealed_files.keep(said, now)).id,
                status=RequestStatus.ASKED,
                asked_at=now,
            )
            await asked.save(force_create=True)
            await papers.attach(chosen, asked)
            await security_events.record(
                announce,
                EventKind.VERIFICATION_ASKED,
                person_id=person.id,
                now=now,
                session_id=by.session_id,
                address=address,
                level=level,
            )
    except IntegrityError as error:
        if await open_request(by.person_id) is not None:
            raise VerificationUnderWay from error
        raise
    return asked


async def open_request(person_id: UUID) -> VerificationRequest | None:
    """The request of this person that waits for an agent."""
    return await VerificationRequest.get_or_none(person_id=person_id, status=RequestStatus.ASKED)


async def show(*, by: Identity, request_id: UUID, reason: str, now: datetime) -> Shown:
    """Opens a request for an agent who says why; that they looked is on record, found or not.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, it was erased, or whoever asks does not work at the desk.
    """
    by.require_desk()
    why = audit.reason(reason)
    async with decision():
        await _record(by, "view_verification", request_id, why, now)
    found = await VerificationRequest.get_or_none(id=request_id, file_id__isnull=False)
    if found is None or found.file_id is None:
        raise NotFound
    full_name, id_number = details.read(await sealed_files.whole(found.file_id))
    attached = await Paper.filter(request_id=found.id).order_by("id")
    return Shown(found, full_name, id_number, attached)


async def decide(
    *,
    by: Identity,
    request_id: UUID,
    decided: Decision,
    refusal: VerificationRefusal,
    reason: str,
    now: datetime,
) -> VerificationRequest:
    """Accepts or refuses a request, once; `refusal` is what its owner is told if it is refused.

    With an accepted request the person's level rises, and their limits with it. A level is never
    lowered here.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, or whoever asks does not work at the desk.
        AlreadyDecided: another agent was faster.
    """
    by.require_desk()
    why = audit.reason(reason)
    found = await VerificationRequest.get_or_none(id=request_id)
    if found is None:
        raise NotFound
    async with decision() as announce:
        # The person first, as every verb does that touches a person's wallets.
        person = await Person.filter(id=found.person_id).select_for_update(no_key=True).get()
        row = await VerificationRequest.filter(id=request_id).select_for_update().get()
        if row.status is not RequestStatus.ASKED or person.closed_at is not None:
            raise AlreadyDecided
        await _write(row, by, decided, refusal, now)
        if decided is Decision.ACCEPT and row.level > person.level:
            await limits.apply_level(person.id, row.level)
        await _record(by, "decide_verification", row.id, why, now, decided=decided.value)
        await _tell(announce, row, now)
        announce(f"person:{person.id}")
    return row


async def _write(
    row: VerificationRequest,
    by: Identity,
    decided: Decision,
    refusal: VerificationRefusal,
    now: datetime,
) -> None:
    is_accepted = decided is Decision.ACCEPT
    row.status = RequestStatus.ACCEPTED if is_accepted else RequestStatus.REFUSED
    row.refusal = None if is_accepted else refusal
    row.decided_at, row.decided_by = now, by.person_id
    await row.save(update_fields=["status", "refusal", "decided_at", "decided_by"])


async def _tell(announce: Announce, row: VerificationRequest, now: datetime) -> None:
    is_accepted = row.status is RequestStatus.ACCEPTED
    kind = EventKind.VERIFICATION_ACCEPTED if is_accepted else EventKind.VERIFICATION_REFUSED
    await security_events.record(
        announce,
        kind,
        person_id=row.person_id,
        now=now,
        level=row.level,
        refusal=None if row.refusal is None else row.refusal.value,
    )


async def _record(
    by: Identity, action: str, request_id: UUID, why: str, now: datetime, **detail: str
) -> None:
    await audit.record(
        actor_id=by.person_id,
        action=action,
        subject_id=request_id,
        reason=why,
        now=now,
        **detail,
    )
