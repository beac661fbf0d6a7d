"""Exports: everything uPay keeps about somebody, in one archive, made by a job when they ask.

The archive is kept sealed, in parts, so that any process can make it and any other can give it out.
A job that dies begins anew with an empty file; only what was finished is ever given to anybody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import fresh_proofs, jobs, sealed_files, security_events
from domain.decisions import Announce, decision
from domain.exports.archives import Archive
from domain.exports.refusals import ExportUnderWay, TooManyExports
from domain.exports.sections import SECTIONS
from domain.exports.subjects import Subject
from domain.fresh_proofs import ProofNeeded
from domain.refusals import NotFound
from domain.sessions import Identity
from models.exports import Export, ExportStatus
from models.ids import new_id
from models.people import Person
from models.sealed_files import SealedFile
from models.security_events import EventKind

JOB: Final = "make_export"
LIVES: Final = timedelta(days=7)
"""How long an archive can be fetched once it is ready."""

AT_MOST: Final = 3
WITHIN: Final = timedelta(days=1)
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""When an export that is still not ready is taken to have failed: its job ended long before."""

ASK_REFUSALS: Final = (ProofNeeded, ExportUnderWay, TooManyExports)


async def ask(*, by: Identity, now: datetime, address: str = "") -> Export:
    """Has an archive made of what uPay keeps about the person.

    Raises:
        ProofNeeded: something must be proved freshly in this session.
        ExportUnderWay, TooManyExports: see there.
        NotFound: the account was closed a moment ago.
    """
    await fresh_proofs.require(by, now)
    async with decision() as announce:
        person = await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
        if person.closed_at is not None:
            raise NotFound
        await _check_room(person.id, now)
        export = await Export.create(
            id=new_id(), person_id=person.id, status=ExportStatus.ASKED, asked_at=now
        )
        await jobs.enqueue(announce, JOB, subject_id=export.id, due_at=now)
        await security_events.record(
            announce,
            EventKind.EXPORT_ASKED,
            person_id=person.id,
            now=now,
            session_id=by.session_id,
            address=address,
        )
        announce(f"person:{person.id}")
    return export


async def begin(export_id: UUID, now: datetime) -> Export | None:
    """Gives the export an empty file, in the place of what a dead job left; None: it is over."""
    async with decision():
        export = await Export.filter(id=export_id).select_for_update().get_or_none()
        if export is None or export.status is not ExportStatus.ASKED:
            return None
        if export.file_id is not None:
            await sealed_files.remove(export.file_id)
        export.file_id = (await sealed_files.begin(now)).id
        export.progress = 0
        await export.save(update_fields=["file_id", "progress"])
    return export


async def write(export: Export, *, told: Callable[[str], str]) -> None:
    """Writes all of the archive into the file that `begin` gave it, and how far it is by and by.

    `told` says which code the person may hear of one that was recorded. No more than a page of rows
    and a part of the file is in memory. Sets `length`, in bytes, which `complete` keeps.

    Raises:
        IntegrityError, DoesNotExist: another job has begun anew meanwhile, or the export is gone.
    """
    assert export.file_id is not None, "begin gives it a file"
    file = await SealedFile.get(id=export.file_id)
    subject = await Subject.of(export, told)
    archive = Archive(export.asked_at)
    number = 0
    async for plain in _pieces(archive, subject):
        await sealed_files.add(file, number, plain)
        number += 1
        export.length += len(plain)
        await _note_progress(export, subject)


async def complete(announce: Announce, export: Export, now: datetime) -> None:
    """Makes the archive fetchable, and tells its owner; in the decision that ends its job."""
    mine = Export.filter(id=export.id, file_id=export.file_id, status=ExportStatus.ASKED)
    is_mine = await mine.update(
        status=ExportStatus.READY,
        progress=100,
        length=export.length,
        ended_at=now,
        expires_at=now + LIVES,
    )
    assert is_mine, "the lease of its job keeps others away"
    await security_events.record(
        announce, EventKind.EXPORT_READY, person_id=export.person_id, now=now
    )
    announce(f"person:{export.person_id}")


async def fetch(
    *, by: Identity, export_id: UUID, now: datetime
) -> tuple[Export, AsyncIterator[bytes]]:
    """The archive and what is in it, a part at a time, for its owner.

    Raises:
        NotFound: it is not this person's, not ready, or its time is over.
        ProofNeeded: something must be proved freshly in this session.
    """
    export = await Export.get_or_none(
        id=export_id, person_id=by.person_id, status=ExportStatus.READY, expires_at__gt=now
    )
    if export is None or export.file_id is None:
        raise NotFound
    await fresh_proofs.require(by, now)
    return export, sealed_files.parts(export.file_id)


async def _check_room(person_id: UUID, now: datetime) -> None:
    lost = Export.filter(
        person_id=person_id, status=ExportStatus.ASKED, asked_at__lte=now - GIVEN_UP_AFTER
    )
    await lost.update(status=ExportStatus.FAILED, ended_at=now)
    recent = await Export.filter(person_id=person_id, asked_at__gt=now - WITHIN).order_by(
        "asked_at"
    )
    if any(each.status is ExportStatus.ASKED for each in recent):
        raise ExportUnderWay
    if len(recent) >= AT_MOST:
        raise TooManyExports(recent[-AT_MOST].asked_at + WITHIN)


async def _pieces(archive: Archive, subject: Subject) -> AsyncIterator[bytes]:
    """The archive from its beginning to its end, in parts as large as a sealed one may be."""
    for section in SECTIONS:
        async for _ in archive.add(section, subject):
            for piece in archive.take(sealed_files.PART_BYTES):
                yield piece
    archive.close()
    for piece in archive.take(sealed_files.PART_BYTES, is_last=True):
        yield piece


async def _note_progress(export: Export, subject: Subject) -> None:
    """Says how far it is; 100 it is only once it can be fetched."""
    progress = min(99, 100 * subject.rows_written // max(1, subject.rows_expected))
    if progress > export.progress:
        export.progress = progress
        await Export.filter(id=export.id, file_id=export.file_id).update(progress=progress)
