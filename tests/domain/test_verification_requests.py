"""Verification: who may ask for which level, and that one decision has one effect."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain import verification_requests
from domain.audit import ReasonRequired
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from domain.verification_requests import Decision
from domain.verification_requests.refusals import (
    AlreadyDecided,
    FullNameInvalid,
    IdNumberInvalid,
    LevelReached,
    PapersMissing,
    VerificationUnderWay,
)
from models.audit import AuditRecord
from models.ids import new_id
from models.papers import Paper
from models.people import Person, Role
from models.sealed_files import SealedFile, SealedPart
from models.security_events import EventKind, SecurityEvent
from models.verification_requests import RequestStatus, VerificationRefusal, VerificationRequest
from models.wallets import Account
from tests import factories, showing
from tests.domain import registers
from tests.moments import NOON
from tests.showing import FULL_NAME, ID_NUMBER

pytestmark = pytest.mark.usefixtures("database")

OTHER = VerificationRefusal.OTHER


@pytest.fixture
async def ada() -> Person:
    return await factories.person("ada")


@pytest.fixture
async def lin() -> Identity:
    return await registers.identity_of(await factories.person("lin", role=Role.AGENT))


async def decide(
    by: Identity, request: VerificationRequest, decided: Decision = Decision.ACCEPT, **changes: Any
) -> VerificationRequest:
    words: dict[str, Any] = {"refusal": OTHER, "reason": "The papers agree", **changes}
    return await verification_requests.decide(
        by=by, request_id=request.id, decided=decided, now=NOON, **words
    )


@pytest.mark.parametrize("level", [1, 2, 3])
async def test_a_request_waits_with_its_papers_and_its_owner_finds_it_in_their_list(
    ada: Person, level: int
) -> None:
    asked = await showing.asked(ada, level=level)

    assert (asked.status, asked.level, asked.asked_at) == (RequestStatus.ASKED, level, NOON)
    assert await Paper.filter(request_id=asked.id).count() == level - 1
    assert (await Person.get(id=ada.id)).level == 0
    event = await SecurityEvent.get()
    assert (event.kind, event.detail) == (EventKind.VERIFICATION_ASKED, {"level": level})


async def test_name_and_number_are_nowhere_in_the_database_as_they_were_said(ada: Person) -> None:
    await showing.asked(ada)

    kept = b"".join([part.sealed for part in await SealedPart.all()])
    told = str(await SecurityEvent.all().values())

    for secret in (FULL_NAME, ID_NUMBER):
        assert secret.encode() not in kept
        assert secret not in told


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"full_name": ""}, FullNameInvalid),
        ({"full_name": "x" * 65}, FullNameInvalid),
        ({"full_name": "x" * 60_000}, FullNameInvalid),
        ({"full_name": "Ada\u202eecalevoL"}, FullNameInvalid),
        ({"id_number": None}, IdNumberInvalid),
        ({"id_number": ""}, IdNumberInvalid),
        ({"id_number": "123"}, IdNumberInvalid),
        ({"id_number": "1" * 33}, IdNumberInvalid),
        ({"id_number": "1" * 60_000}, IdNumberInvalid),
        ({"id_number": "<script>"}, IdNumberInvalid),
        ({"id_number": "１１０１０１"}, IdNumberInvalid),
        ({"paper_ids": []}, PapersMissing),
        ({"level": 0}, LevelReached),
        ({"level": -1}, LevelReached),
        ({"level": 4}, LevelReached),
        ({"level": 2**31 - 1}, LevelReached),
    ],
)
async def test_a_request_that_cannot_be_is_refused_and_keeps_nothing(
    ada: Person, words: dict[str, Any], refusal: type[Refusal]
) -> None:
    paper = await showing.paper(ada)
    facts = {"paper_ids": [paper.id], **words}
    by = await registers.identity_of(ada)
    asked = {"level": 2, "full_name": FULL_NAME, "id_number": ID_NUMBER, **facts}

    with pytest.raises(refusal):
        await verification_requests.request(by=by, now=NOON, **asked)

    assert await VerificationRequest.all().count() == 0
    assert await SealedFile.all().count() == 1
    assert (await Paper.get()).request_id is None


async def test_the_same_paper_twice_is_one_paper(ada: Person) -> None:
    paper = await showing.paper(ada)

    with pytest.raises(PapersMissing) as missing:
        await showing.asked(ada, level=3, paper_ids=[paper.id, paper.id])

    assert missing.value.needed == 2


async def test_papers_of_others_of_earlier_requests_and_of_nobody_are_not_found(
    ada: Person, lin: Identity
) -> None:
    bobs = await showing.paper(await factories.person("bob"))
    earlier = await showing.asked(ada)
    used = await Paper.get(request_id=earlier.id)
    await decide(lin, earlier, Decision.REFUSE)

    for paper_ids in ([bobs.id], [used.id], [new_id()], [new_id() for _ in range(11)]):
        with pytest.raises(NotFound):
            await showing.asked(ada, paper_ids=paper_ids)

    assert await VerificationRequest.filter(status=RequestStatus.ASKED).count() == 0
    assert (await Paper.get(id=bobs.id)).request_id is None


async def test_of_eight_requests_at_once_one_waits(ada: Person) -> None:
    by = await registers.identity_of(ada)

    asked = await asyncio.gather(
        *(showing.asked(by, level=1) for _ in range(8)), return_exceptions=True
    )

    assert sum(isinstance(each, VerificationRequest) for each in asked) == 1
    assert sum(isinstance(each, VerificationUnderWay) for each in asked) == 7
    assert await SealedFile.all().count() == 1


async def test_an_accepted_request_raises_the_level_of_the_person_and_their_wallets(
    ada: Person, lin: Identity
) -> None:
    wallet = await factories.wallet(ada)
    asked = await showing.asked(ada)

    decided = await decide(lin, asked)

    assert (decided.status, decided.decided_by) == (RequestStatus.ACCEPTED, lin.person_id)
    assert (await Person.get(id=ada.id)).level == 2
    assert (await Account.get(id=wallet.id)).level == 2
    assert await SecurityEvent.filter(kind=EventKind.VERIFICATION_ACCEPTED).count() == 1
    record = await AuditRecord.get(action="decide_verification")
    assert (record.actor_id, record.subject_id) == (lin.person_id, asked.id)


async def test_a_refused_request_says_why_changes_no_level_and_another_can_follow(
    ada: Person, lin: Identity
) -> None:
    asked = await showing.asked(ada)

    decided = await decide(lin, asked, Decision.REFUSE, refusal=VerificationRefusal.NAME_DIFFERS)
    again = await showing.asked(ada)

    assert decided.refusal is VerificationRefusal.NAME_DIFFERS
    assert (await Person.get(id=ada.id)).level == 0
    event = await SecurityEvent.get(kind=EventKind.VERIFICATION_REFUSED)
    assert event.detail == {"level": 2, "refusal": "name_differs"}
    assert again.status is RequestStatus.ASKED


async def test_of_two_agents_who_decide_at_once_one_has_decided(ada: Person, lin: Identity) -> None:
    kim = await registers.identity_of(await factories.person("kim", role=Role.AGENT))
    asked = await showing.asked(ada)

    tried = await asyncio.gather(
        decide(lin, asked, Decision.ACCEPT),
        decide(kim, asked, Decision.REFUSE),
        return_exceptions=True,
    )

    assert sum(isinstance(each, AlreadyDecided) for each in tried) == 1
    row = await VerificationRequest.get(id=asked.id)
    is_accepted = row.status is RequestStatus.ACCEPTED
    assert (await Person.get(id=ada.id)).level == (2 if is_accepted else 0)
    assert await AuditRecord.filter(action="decide_verification").count() == 1
    assert await SecurityEvent.exclude(kind=EventKind.VERIFICATION_ASKED).count() == 1


async def test_whoever_is_at_a_level_asks_for_a_higher_one(ada: Person, lin: Identity) -> None:
    await decide(lin, await showing.asked(ada))

    for level in (1, 2):
        with pytest.raises(LevelReached) as reached:
            await showing.asked(ada, level=level)
        assert reached.value.level == 2

    assert (await showing.asked(ada, level=3)).level == 3


async def test_an_agent_with_a_reason_sees_what_was_said_and_is_on_record(
    ada: Person, lin: Identity
) -> None:
    asked = await showing.asked(ada)

    shown = await verification_requests.show(
        by=lin, request_id=asked.id, reason="It is her turn", now=NOON
    )

    assert (shown.full_name, shown.id_number) == (FULL_NAME, ID_NUMBER)
    assert [paper.request_id for paper in shown.papers] == [asked.id]
    assert (await AuditRecord.get()).action == "view_verification"


async def test_customers_and_agents_without_a_reason_neither_see_nor_decide(
    ada: Person, lin: Identity
) -> None:
    asked = await showing.asked(ada)
    owner = await registers.identity_of(ada)

    with pytest.raises(NotFound):
        await verification_requests.show(by=owner, request_id=asked.id, reason="Mine", now=NOON)
    with pytest.raises(NotFound):
        await decide(owner, asked)
    with pytest.raises(ReasonRequired):
        await verification_requests.show(by=lin, request_id=asked.id, reason="", now=NOON)
    with pytest.raises(ReasonRequired):
        await decide(lin, asked, reason="x" * 60_000)

    assert (await VerificationRequest.get(id=asked.id)).status is RequestStatus.ASKED
    assert await AuditRecord.all().count() == 0
