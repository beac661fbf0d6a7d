"""Cases: reported once while somebody still has to look, and closed by one agent."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain import cases
from domain.audit import ReasonRequired
from domain.cases import CaseClosedAlready
from domain.decisions import decision
from domain.refusals import NotFound
from domain.sessions import Identity
from models.audit import AuditRecord
from models.cases import Case, CaseKind, CaseOutcome
from models.ids import new_id
from tests import factories
from tests.domain.merchandise import WHY, agent
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

SUBJECT = new_id()


async def opened(kind: CaseKind = CaseKind.PAYOUT_FAILED, minutes: int = 0) -> None:
    async with decision() as announce:
        now = NOON + timedelta(minutes=minutes)
        await cases.open_in(announce, kind, subject_id=SUBJECT, now=now, code="R03", missing=250)


async def closed(by: Identity, case: Case, reason: str = WHY) -> Case:
    return await cases.close(
        by=by, case_id=case.id, outcome=CaseOutcome.PUT_RIGHT, reason=reason, now=NOON
    )


async def test_what_is_wrong_is_reported_once_while_it_is_open_however_often_it_is_seen() -> None:
    await asyncio.gather(*(opened() for _ in range(5)))
    await opened(CaseKind.REVERSAL_SHORT)

    case = await Case.get(kind=CaseKind.PAYOUT_FAILED)
    assert await Case.all().count() == 2
    assert (case.subject_id, case.detail) == (SUBJECT, {"code": "R03", "missing": 250})
    await closed(await agent(), case)
    await opened()
    assert await Case.filter(kind=CaseKind.PAYOUT_FAILED).count() == 2


async def test_the_desk_reads_open_cases_the_oldest_first_and_page_by_page() -> None:
    for minutes, kind in enumerate(CaseKind):
        await opened(kind, minutes)
    lin = await agent()

    first = await cases.page(by=lin, is_open=True, kind=None, limit=2, after=None)
    place = (first[-1].opened_at, first[-1].id)
    rest = await cases.page(by=lin, is_open=True, kind=None, limit=99, after=place)
    named = await cases.page(
        by=lin, is_open=True, kind=CaseKind.REVERSAL_SHORT, limit=9, after=None
    )

    assert [case.kind for case in first + rest] == list(CaseKind)
    assert [case.kind for case in named] == [CaseKind.REVERSAL_SHORT]
    assert await cases.page(by=lin, is_open=False, kind=None, limit=9, after=None) == []


async def test_of_two_agents_who_close_a_case_one_does_and_it_is_on_record() -> None:
    await opened()
    case = await Case.get()
    lin, wei = await agent("lin"), await agent("wei")

    answers = await asyncio.gather(closed(lin, case), closed(wei, case), return_exceptions=True)

    assert {type(answer) for answer in answers} == {Case, CaseClosedAlready}
    [record] = await AuditRecord.all()
    assert (record.action, record.subject_id) == ("close_case", case.id)
    assert record.detail == {"outcome": "put_right"}


async def test_a_case_is_closed_by_the_desk_alone_and_with_a_reason() -> None:
    await opened()
    case = await Case.get()
    bob = factories.identity(await factories.person("bob"))

    with pytest.raises(NotFound):
        await closed(bob, case, reason="")
    with pytest.raises(NotFound):
        await cases.page(by=bob, is_open=True, kind=None, limit=9, after=None)
    with pytest.raises(ReasonRequired):
        await closed(await agent(), case, reason="")

    assert (await Case.get()).closed_at is None
    assert await AuditRecord.all().count() == 0
