"""Letters about forgotten passwords, and reminders of those that grow old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.couriers import Letter, letters
from domain import password_reminders, password_resets, passwords, second_factors
from domain.decisions import decision
from domain.passwords import Policy, Profile
from jobs.worker import Worker
from models.jobs import Job
from models.passwords import ResetWay
from models.people import ContactKind, Person
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.domain import registers
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

AGE = timedelta(days=90)
REMINDED = timedelta(days=76)


@pytest.fixture(autouse=True)
def usual_policy() -> Iterator[None]:
    yield
    passwords.install(None)


async def asked(worker: Worker, folder: Path, contact: str, way: ResetWay) -> list[Letter]:
    """The letters that asking for one brought about."""
    before = {letter.id for letter in letters(folder)}
    await password_resets.ask(contact=contact, way=way, address="", now=NOON)
    await worker.run_due()
    return [letter for letter in letters(folder) if letter.id not in before]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "Choose a new uPay password"), ("zh-CN", "重置 uPay 登录密码")]
)
async def test_the_letter_holds_a_link_to_where_people_reach_upay(
    worker: Worker, folder: Path, locale: str, said: str
) -> None:
    ada = await factories.person("ada", locale=locale)
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")

    [letter] = await asked(worker, folder, "ada@example.org", ResetWay.LINK)

    assert (letter.to, letter.subject) == ("ada@example.org", said)
    assert re.search(r"^http://localhost:8000/links/[A-Za-z0-9_-]{43}$", letter.text, re.MULTILINE)
    assert "10" in letter.text


async def test_a_code_comes_by_letter_as_well(worker: Worker, folder: Path) -> None:
    ada = await factories.person("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")

    [letter] = await asked(worker, folder, "ada@example.org", ResetWay.CODE)

    assert letter.subject == "Your uPay code for a new password"
    assert re.search(r"\b[0-9]{6}\b", letter.text)
    assert "/links/" not in letter.text


@pytest.mark.parametrize("way", ResetWay)
async def test_nobody_gets_no_letter(worker: Worker, folder: Path, way: ResetWay) -> None:
    assert await asked(worker, folder, "nobody@example.org", way) == []
    assert not await Job.exists(done_at__isnull=True)


async def found(worker: Worker, clock: Clock, *, after: timedelta) -> list[tuple[str, EventKind]]:
    """Who has been told what, some days after noon."""
    clock.now = NOON + after
    await password_reminders.scan(clock.now)
    await worker.run_due()
    names = {person.id: person.account_name for person in await Person.all()}
    return [(names[event.person_id], event.kind) for event in await SecurityEvent.all()]


async def test_whoever_must_soon_choose_another_password_is_told_once(
    worker: Worker, clock: Clock
) -> None:
    await factories.person("ada")
    told = [("ada", EventKind.PASSWORD_AGEING)]

    assert await found(worker, clock, after=REMINDED - timedelta(minutes=1)) == []
    assert await found(worker, clock, after=REMINDED) == told
    assert await found(worker, clock, after=REMINDED + timedelta(days=1)) == told
    assert await found(worker, clock, after=AGE - timedelta(minutes=1)) == told
    event = await SecurityEvent.get()
    assert event.detail == {"expires_at": (NOON + AGE).isoformat()}


async def test_only_those_are_told_who_must_choose_another(worker: Worker, clock: Clock) -> None:
    mia = await factories.person("mia")
    await second_factors.enrol(mia.id, NOON)
    await factories.person("gone", closed_at=NOON)
    await factories.person("late", password_set_at=NOON + timedelta(days=1))
    await factories.person("early", created_at=NOON - timedelta(days=30))

    assert await found(worker, clock, after=REMINDED) == []


async def test_by_nist_nobody_is_told(worker: Worker, clock: Clock) -> None:
    passwords.install(Policy(Profile.NIST))
    await factories.person("ada")

    assert await found(worker, clock, after=REMINDED) == []


async def test_whoever_changed_it_before_the_reminder_came_is_not_told(
    worker: Worker, clock: Clock
) -> None:
    ada = await factories.person("ada")
    clock.now = NOON + REMINDED
    assert await password_reminders.scan(clock.now) == 1

    async with decision():
        await passwords.replace(ada, "!", clock.now)
    await worker.run_due()

    assert not await SecurityEvent.exists()


async def test_a_second_password_is_reminded_of_as_well(worker: Worker, clock: Clock) -> None:
    ada = await factories.person("ada")
    await found(worker, clock, after=REMINDED)

    async with decision():
        await passwords.replace(ada, "!", clock.now)
    told = await found(worker, clock, after=2 * REMINDED)

    assert told == [("ada", EventKind.PASSWORD_AGEING)] * 2


async def test_many_are_found_step_by_step() -> None:
    for each in range(10):
        # Some of the same moment stand on both sides of a step.
        await factories.person(f"p{each:02}", created_at=NOON + timedelta(seconds=each // 4))

    found = await password_reminders.scan(NOON + REMINDED + timedelta(minutes=1), step=3)

    assert found == 10
    jobs = await Job.filter(kind=password_reminders.REMIND_JOB)
    assert {job.subject_id for job in jobs} == {person.id for person in await Person.all()}


async def test_a_look_asks_for_the_next_days(worker: Worker, clock: Clock) -> None:
    await password_reminders.schedule(NOON)
    await password_reminders.schedule(NOON)
    tomorrow = NOON.replace(day=3, hour=password_reminders.HOUR)
    assert [job.due_at for job in await Job.filter(kind=password_reminders.SCAN_JOB)] == [tomorrow]

    clock.now = tomorrow
    await worker.run_due()

    jobs = await Job.filter(kind=password_reminders.SCAN_JOB).order_by("due_at")
    assert [job.due_at for job in jobs] == [tomorrow, tomorrow + timedelta(days=1)]
    assert jobs[0].done_at is not None
