"""The purge comes by itself, once a day in the quiet hour, beside other work."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain import retention
from jobs.worker import Worker
from models.jobs import Job
from models.sessions import Audience, SessionToken
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import old_rows
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
NIGHT = retention.next_quiet_hour(NOON)


async def test_it_is_due_in_the_quiet_hour_however_often_servers_start(
    worker: Worker, clock: Clock
) -> None:
    for _ in range(3):
        await retention.schedule(clock())

    at_noon = await worker.run_due()
    clock.now = NIGHT
    at_night = await worker.run_due()

    assert (at_noon, at_night) == (0, 1)
    assert [job.due_at for job in await Job.filter(done_at=None)] == [NIGHT + DAY]


async def test_it_takes_away_what_is_past_its_day(worker: Worker, clock: Clock) -> None:
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON)
    await old_rows.finished_job(NOON, ada)
    await retention.schedule(clock())
    clock.now = NIGHT + 31 * DAY

    await worker.run_due()

    assert await Job.filter(kind="greet").count() == 0
    assert await SessionToken.filter(session_id=opened.session.id).count() == 0


async def test_a_month_without_a_server_is_one_purge_and_not_thirty(
    worker: Worker, clock: Clock
) -> None:
    await retention.schedule(clock())
    clock.now = NIGHT + 30 * DAY

    tried = await worker.run_due()

    assert tried == 1
    assert [job.due_at for job in await Job.filter(done_at=None)] == [NIGHT + 31 * DAY]


async def test_a_purge_that_fails_does_not_end_the_row_of_days(
    worker: Worker, clock: Clock, database: DatabaseUrls
) -> None:
    await retention.schedule(clock())
    owner = await asyncpg.connect(database.owner)
    await owner.execute("ALTER TABLE sign_in_guards RENAME TO elsewhere")
    await owner.close()
    clock.now = NIGHT

    await worker.run_due()

    assert [job.due_at for job in await Job.filter(done_at=None).order_by("due_at")] == [
        NIGHT,
        NIGHT + DAY,
    ]


async def test_purges_beside_a_worker_lose_none_of_its_jobs(worker: Worker, clock: Clock) -> None:
    await old_rows.many_jobs(200, NOON)
    await Job.filter(done_at=None).update(kind=retention.JOB)
    clock.now = NIGHT + 31 * DAY

    by_hand = asyncio.gather(*(retention.purge(rule, clock()) for rule in retention.RULES * 3))
    tried = await worker.run_due()
    await by_hand

    assert tried == 100
    assert await Job.filter(kind="greet").count() == 0
    assert await Job.filter(done_at=clock()).count() == 100
