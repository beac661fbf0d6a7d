"""The worker: what is due is done once, what fails is tried again, what is lost is undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from channels.providers import AnswerLost
from domain import jobs
from domain.decisions import decision
from jobs import leases, retries
from jobs import worker as worker_module
from jobs.worker import Handler, Worker
from models.ids import new_id
from models.jobs import Job
from models.people import Person
from tests import factories
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

SOON_SECONDS = 10.0


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """The worker works during the block, and has stopped after it."""
    work = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait_for(work, SOON_SECONDS)


async def asked(
    kind: str = "greet", *, due_at: datetime = NOON, subject: UUID | None = None
) -> UUID:
    """The subject of a job that somebody asked for."""
    subject_id = subject or new_id()
    async with decision() as announce:
        await jobs.enqueue(announce, kind, subject_id=subject_id, due_at=due_at)
    return subject_id


class Deeds:
    """Subjects of the jobs that were done, in order; the handler leaves finishing to the worker."""

    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.came = asyncio.Event()

    async def handler(self, job: Job, now: datetime) -> None:
        self.done.append(job.subject_id)
        self.came.set()


def worker_of(handler: Handler, clock: Clock, **changes: float) -> Worker:
    lease_seconds = changes.get("lease_seconds", 15.0)
    concurrency = int(changes.get("concurrency", 8))
    handlers: Mapping[str, Handler] = {"greet": handler}
    return Worker(handlers, clock=clock, lease_seconds=lease_seconds, concurrency=concurrency)


async def test_jobs_are_done_when_due_the_longest_due_first(clock: Clock) -> None:
    deeds = Deeds()
    later = await asked(due_at=NOON + timedelta(hours=1))
    second = await asked(due_at=NOON)
    first = await asked(due_at=NOON - timedelta(hours=1))
    worker = worker_of(deeds.handler, clock, concurrency=1)

    assert await worker.run_due() == 2
    assert deeds.done == [first, second]
    clock.advance(hours=1)
    assert await worker.run_due() == 1

    assert deeds.done == [first, second, later]
    assert await Job.filter(done_at__isnull=False).count() == 3
    assert await worker.run_due() == 0


async def test_jobs_of_other_kinds_are_left_for_those_who_know_them(clock: Clock) -> None:
    await asked("sing")

    assert await worker_of(Deeds().handler, clock).run_due() == 0

    assert (await Job.get()).attempts == 0


async def test_the_same_work_asked_for_twice_is_one_job(clock: Clock) -> None:
    deeds = Deeds()
    subject = await asked()
    await asked(subject=subject)
    await worker_of(deeds.handler, clock).run_due()

    await asked(subject=subject)
    await worker_of(deeds.handler, clock).run_due()

    assert deeds.done == [subject]
    assert await Job.all().count() == 1


async def test_a_job_asked_for_in_a_decision_that_fails_was_never_asked_for() -> None:
    async def fail() -> None:
        async with decision():
            await asked()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await Job.all().count() == 0


async def test_the_effect_of_a_job_whose_lease_was_lost_is_undone(clock: Clock) -> None:
    async def slow(job: Job, now: datetime) -> None:
        await Job.filter(id=job.id).update(lease=new_id())  # Another worker has it by now.
        async with decision():
            await factories.person("ada")
            await jobs.finish(job, now)

    await asked()
    await worker_of(slow, clock).run_due()

    job = await Job.get()
    assert await Person.all().count() == 0
    assert (job.done_at, job.last_error) == (None, None)


async def test_a_job_that_is_done_cannot_be_finished_again(clock: Clock) -> None:
    async def twice(job: Job, now: datetime) -> None:
        await jobs.finish(job, now)
        with pytest.raises(jobs.LeaseLost):
            await jobs.finish(job, now)

    await asked()
    await worker_of(twice, clock).run_due()

    assert (await Job.get()).done_at == NOON


async def test_a_failed_job_waits_and_is_tried_again_and_its_effect_is_undone(
    clock: Clock,
) -> None:
    tries: list[int] = []

    async def fail_once(job: Job, now: datetime) -> None:
        tries.append(job.attempts)
        async with decision():
            await factories.person("ada")
            if len(tries) == 1:
                raise AnswerLost("The wire broke.", "with a secret in it")
            await jobs.finish(job, now)

    await asked()
    worker = worker_of(fail_once, clock)
    await worker.run_due()

    waiting = await Job.get()
    assert await Person.all().count() == 0
    assert waiting.last_error == "AnswerLost: The wire broke."
    assert NOON + timedelta(seconds=0.5) <= waiting.run_at <= NOON + timedelta(seconds=1)
    assert await worker.run_due() == 0
    clock.advance(seconds=1)
    await worker.run_due()
    assert tries == [1, 2]
    assert await Person.all().count() == 1
    assert (await Job.get()).done_at == clock.now


async def test_a_job_that_never_succeeds_is_given_up_and_kept(clock: Clock) -> None:
    async def fail(job: Job, now: datetime) -> None:
        raise ValueError("a customer's own words")

    await asked()
    worker = worker_of(fail, clock)
    for _ in range(retries.MAX_ATTEMPTS):
        assert await worker.run_due() == 1
        clock.advance(hours=1)

    job = await Job.get()
    assert await worker.run_due() == 0
    assert job.failed_at == clock.now - timedelta(hours=1)
    assert job.attempts == retries.MAX_ATTEMPTS
    assert job.last_error is not None
    assert job.last_error.startswith("ValueError at jobs/worker.py:")


async def test_a_job_that_kills_its_workers_is_given_up_too(clock: Clock) -> None:
    deeds = Deeds()
    await asked()
    await Job.all().update(attempts=retries.MAX_ATTEMPTS)

    await worker_of(deeds.handler, clock).run_due()

    job = await Job.get()
    assert deeds.done == []
    assert job.failed_at == NOON
    assert job.last_error == "WorkerDied: Every worker that tried it died."


async def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    pauses = [retries.pause(attempts).total_seconds() for attempts in range(1, 15)]

    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses[:10]))
    assert all(450 <= pause <= 900 for pause in pauses[10:])


async def test_two_workers_share_the_jobs_and_never_one_job(clock: Clock) -> None:
    deeds = Deeds()
    subjects = {await asked() for _ in range(100)}
    workers = [worker_of(deeds.handler, clock) for _ in range(2)]

    await asyncio.gather(*(worker.run_due() for worker in workers))

    assert len(deeds.done) == 100
    assert set(deeds.done) == subjects
    assert [job.attempts for job in await Job.all()] == [1] * 100


async def test_a_claimed_job_is_free_again_when_its_lease_ran_out(clock: Clock) -> None:
    deeds = Deeds()
    subject = await asked()
    await leases.claim({"greet"}, now=NOON, limit=1, lease_seconds=60)
    worker = worker_of(deeds.handler, clock)
    assert await worker.run_due() == 0

    await Job.all().update(lease_until=NOON - timedelta(days=10_000))
    await worker.run_due()

    assert deeds.done == [subject]
    assert (await Job.get()).attempts == 2


async def test_a_job_that_takes_longer_than_its_lease_stays_with_its_worker(clock: Clock) -> None:
    may_end, began = asyncio.Event(), asyncio.Event()

    async def slow(job: Job, now: datetime) -> None:
        began.set()
        await may_end.wait()

    await asked()
    worker = worker_of(slow, clock, lease_seconds=0.2)
    at_work = asyncio.create_task(worker.run_due())
    await began.wait()
    first_end = (await Job.get()).lease_until
    assert first_end is not None

    async with asyncio.timeout(SOON_SECONDS):
        while not await Job.filter(lease_until__gt=first_end + timedelta(seconds=0.3)).exists():
            assert await worker_of(slow, clock).run_due() == 0
    may_end.set()
    await at_work

    job = await Job.get()
    assert (job.done_at, job.attempts) == (NOON, 1)


async def test_a_worker_is_woken_by_a_hint(clock: Clock) -> None:
    deeds = Deeds()
    worker = worker_of(deeds.handler, clock)
    async with running(worker):
        subject = await asked()
        await asyncio.wait_for(deeds.came.wait(), SOON_SECONDS)

    assert deeds.done == [subject]


async def test_a_worker_finds_what_nobody_told_it(clock: Clock) -> None:
    deeds = Deeds()
    async with running(worker_of(deeds.handler, clock)):
        async with decision():
            await jobs.enqueue(lambda _: None, "greet", subject_id=new_id(), due_at=NOON)
        await asyncio.wait_for(deeds.came.wait(), SOON_SECONDS)

    assert len(deeds.done) == 1


async def test_more_jobs_than_places_are_all_done_without_waiting_for_a_poll(clock: Clock) -> None:
    done: list[UUID] = []
    all_done = asyncio.Event()

    async def handler(job: Job, now: datetime) -> None:
        done.append(job.subject_id)
        if len(done) == 60:
            all_done.set()

    subjects = {await asked() for _ in range(60)}
    async with running(worker_of(handler, clock, concurrency=3)):
        await asyncio.wait_for(all_done.wait(), SOON_SECONDS)

    assert set(done) == subjects
    assert await Job.filter(done_at__isnull=False).count() == 60


async def test_no_more_jobs_are_begun_than_there_are_places(clock: Clock) -> None:
    under_way, most = 0, 0

    async def handler(job: Job, now: datetime) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await Job.get(id=job.id)
        under_way -= 1

    for _ in range(20):
        await asked()
    await worker_of(handler, clock, concurrency=3).run_due()

    assert most == 3


async def test_a_worker_that_stops_lets_what_is_under_way_end(clock: Clock) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def handler(job: Job, now: datetime) -> None:
        began.set()
        await may_end.wait()

    await asked()
    worker = worker_of(handler, clock)
    async with running(worker):
        await asyncio.wait_for(began.wait(), SOON_SECONDS)
        worker.stop()
        may_end.set()

    assert (await Job.get()).done_at == NOON


async def test_a_worker_that_must_go_gives_back_what_it_has_not_done(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "GRACE_SECONDS", 0.05)
    began = asyncio.Event()

    async def handler(job: Job, now: datetime) -> None:
        began.set()
        await asyncio.Event().wait()

    deeds = Deeds()
    subject = await asked()
    async with running(worker_of(handler, clock)):
        await asyncio.wait_for(began.wait(), SOON_SECONDS)

    left = await Job.get()
    assert (left.lease, left.lease_until, left.attempts) == (None, None, 0)
    await worker_of(deeds.handler, clock).run_due()
    assert deeds.done == [subject]


async def test_a_worker_that_is_cancelled_gives_back_at_once(clock: Clock) -> None:
    began = asyncio.Event()

    async def handler(job: Job, now: datetime) -> None:
        began.set()
        await asyncio.Event().wait()

    await asked()
    work = asyncio.create_task(worker_of(handler, clock).run())
    await asyncio.wait_for(began.wait(), SOON_SECONDS)
    work.cancel()
    await asyncio.wait([work])

    assert work.cancelled()
    assert (await Job.get()).lease is None


async def test_a_worker_survives_a_database_that_went_away(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = Deeds()
    outages = [ConnectionError()]
    claim = leases.claim

    async def failing_once(*args: Any, **kwargs: Any) -> list[Job]:
        if outages:
            raise outages.pop()
        return await claim(*args, **kwargs)

    monkeypatch.setattr(leases, "claim", failing_once)
    subject = await asked()
    async with running(worker_of(deeds.handler, clock)):
        await asyncio.wait_for(deeds.came.wait(), SOON_SECONDS)

    assert deeds.done == [subject]
