"""Papers: what people show to prove who they are; sealed when they come, opened by agents alone."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain import audit, sealed_files
from domain.decisions import decision
from domain.refusals import NotFound
from domain.sessions import Identity
from models.ids import new_id
from models.papers import MediaType, Paper
from models.people import Person
from models.verification_requests import RequestStatus, VerificationRequest

BYTES_MAX: Final = 5 * 1024 * 1024
OPEN_AT_MOST: Final = 10
"""How many papers of one person may wait for a request, or for its decision."""

_BEGINNINGS: Final = {
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.PDF: b"%PDF-",
}


class PaperUnreadable(Exception):
    """What came is not what it says to be: neither a JPEG, nor a PNG, nor a PDF."""


class TooManyPapers(Exception):
    """This person has ten papers that no agent has decided about."""


async def check_room(person_id: UUID) -> None:
    """Raises:
    TooManyPapers: one more is not taken.
    """
    waiting = VerificationRequest.filter(person_id=person_id, status=RequestStatus.ASKED)
    request_ids = await waiting.values_list("id", flat=True)
    open_ones = Paper.filter(
        Q(request_id__isnull=True) | Q(request_id__in=request_ids), person_id=person_id
    )
    if await open_ones.count() >= OPEN_AT_MOST:
        raise TooManyPapers


async def keep(*, person_id: UUID, media_type: MediaType, content: bytes, now: datetime) -> Paper:
    """Keeps what somebody shows, sealed; `content` is at most `BYTES_MAX` bytes.

    Raises:
        PaperUnreadable: it does not begin as a file of that type does.
        TooManyPapers: see there.
        NotFound: the account was closed a moment ago.
    """
    if not content.startswith(_BEGINNINGS[media_type]):
        raise PaperUnreadable
    digest = await asyncio.to_thread(hashlib.sha256, content)
    async with decision():
        # Of two at once the second one is counted after the first.
        owner = await Person.filter(id=person_id).select_for_update(no_key=True).get()
        if owner.closed_at is not None:
            raise NotFound
        await check_room(person_id)
        file = await sealed_files.keep(content, now)
        return await Paper.create(
            id=new_id(),
            person_id=person_id,
            file_id=file.id,
            media_type=media_type,
            length=len(content),
            sha256=digest.digest(),
            created_at=now,
        )


async def attach(paper_ids: Collection[UUID], request: VerificationRequest) -> None:
    """Makes papers part of a request, in the decision that makes it.

    Raises:
        NotFound: one is not this person's, or belongs to another request.
    """
    free = Paper.filter(
        id__in=list(paper_ids), person_id=request.person_id, request_id__isnull=True
    )
    if await free.update(request_id=request.id) != len(paper_ids):
        raise NotFound


async def show(
    *, by: Identity, paper_id: UUID, reason: str, now: datetime
) -> tuple[Paper, AsyncIterator[bytes]]:
    """A paper and what is in it, for an agent who says why; that they looked is on record.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, no request names it, or whoever asks does not work at the desk.
    """
    if not by.role.is_desk:
        raise NotFound
    why = audit.reason(reason)
    async with decision():
        await audit.record(
            actor_id=by.person_id,
            action="view_paper",
            subject_id=paper_id,
            reason=why,
            now=now,
        )
    paper = await Paper.get_or_none(id=paper_id, request_id__isnull=False)
    if paper is None:
        raise NotFound
    return paper, sealed_files.parts(paper.file_id)
