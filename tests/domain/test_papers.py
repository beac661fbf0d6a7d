"""Papers: kept sealed, as what they are, and shown to agents who say why."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from domain import papers, sealed_files
from domain.audit import ReasonRequired
from domain.papers import OPEN_AT_MOST, PaperUnreadable, TooManyPapers
from domain.refusals import NotFound
from models.audit import AuditRecord
from models.ids import new_id
from models.papers import MediaType, Paper
from models.people import Person, Role
from models.sealed_files import SealedFile
from tests import factories, showing
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ada() -> Person:
    return await factories.person("ada")


@pytest.mark.parametrize(
    ("media_type", "beginning"),
    [
        (MediaType.JPEG, showing.JPEG),
        (MediaType.PNG, showing.PNG),
        (MediaType.PDF, showing.PDF),
    ],
)
async def test_a_paper_is_kept_sealed_and_as_it_came(
    ada: Person, media_type: MediaType, beginning: bytes
) -> None:
    content = beginning + bytes(300_000)

    kept = await papers.keep(person_id=ada.id, media_type=media_type, content=content, now=NOON)

    assert (kept.length, kept.sha256) == (len(content), hashlib.sha256(content).digest())
    assert await sealed_files.whole(kept.file_id) == content


@pytest.mark.parametrize("media_type", MediaType)
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"GIF89a", b"MZ\x90\x00", b" %PDF-1.7", b"\x00" + showing.PNG, b"\xff\xd8"],
)
async def test_what_is_not_what_it_says_to_be_is_refused_and_not_kept(
    ada: Person, media_type: MediaType, content: bytes
) -> None:
    with pytest.raises(PaperUnreadable):
        await papers.keep(person_id=ada.id, media_type=media_type, content=content, now=NOON)

    assert await SealedFile.all().count() == 0


async def test_a_png_that_says_to_be_a_pdf_is_refused(ada: Person) -> None:
    with pytest.raises(PaperUnreadable):
        await papers.keep(person_id=ada.id, media_type=MediaType.PDF, content=showing.PNG, now=NOON)


async def test_of_fifteen_papers_at_once_ten_are_kept(ada: Person) -> None:
    kept = await asyncio.gather(*(showing.paper(ada) for _ in range(15)), return_exceptions=True)

    assert sum(isinstance(each, Paper) for each in kept) == OPEN_AT_MOST
    assert sum(isinstance(each, TooManyPapers) for each in kept) == 5
    assert await SealedFile.all().count() == OPEN_AT_MOST


async def test_papers_of_a_request_that_waits_count_and_those_of_others_do_not(
    ada: Person,
) -> None:
    await showing.asked(ada, level=3)
    bob = await factories.person("bob")
    for _ in range(OPEN_AT_MOST - 2):
        await showing.paper(ada)

    with pytest.raises(TooManyPapers):
        await showing.paper(ada)

    assert (await showing.paper(bob)).person_id == bob.id


async def test_whoever_closed_their_account_shows_nothing_any_more(ada: Person) -> None:
    await Person.filter(id=ada.id).update(closed_at=NOON)

    with pytest.raises(NotFound):
        await showing.paper(ada)

    assert await SealedFile.all().count() == 0


async def test_an_agent_with_a_reason_sees_a_paper_and_is_on_record(ada: Person) -> None:
    request = await showing.asked(ada)
    paper = await Paper.get(request_id=request.id)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))

    shown, content = await papers.show(
        by=lin, paper_id=paper.id, reason="To compare the names", now=NOON
    )

    assert shown.id == paper.id
    assert b"".join([part async for part in content]) == showing.PNG + b"\x00"
    record = await AuditRecord.get()
    assert (record.actor_id, record.action, record.subject_id, record.reason) == (
        lin.person_id,
        "view_paper",
        paper.id,
        "To compare the names",
    )


async def test_nobody_sees_a_paper_without_a_reason_or_without_working_at_the_desk(
    ada: Person,
) -> None:
    request = await showing.asked(ada)
    paper = await Paper.get(request_id=request.id)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    owner = await registers.identity_of(ada)

    with pytest.raises(ReasonRequired):
        await papers.show(by=lin, paper_id=paper.id, reason=" ", now=NOON)
    with pytest.raises(NotFound):
        await papers.show(by=owner, paper_id=paper.id, reason="It is mine", now=NOON)

    assert await AuditRecord.all().count() == 0


async def test_a_paper_that_no_request_names_is_no_agents_business_and_the_look_is_on_record(
    ada: Person,
) -> None:
    paper = await showing.paper(ada)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))

    for id in (paper.id, new_id()):
        with pytest.raises(NotFound):
            await papers.show(by=lin, paper_id=id, reason="Curious", now=NOON)

    assert await AuditRecord.filter(action="view_paper").count() == 2
