"""The proof: workers are killed in the middle of their work, and every job is done exactly once."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import asyncpg
import pytest

from models.ids import new_id
from models.jobs import Job
from server.embedded.postgres import DatabaseUrls
from tests.moments import NOON

JOBS = 1_500
KILL_AT = (300, 700, 1_100)
PATIENCE_SECONDS = 90


def started(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.jobs.worker_process", url])


async def done(at_least: int) -> None:
    """Returns when so many jobs are done."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await Job.filter(done_at__isnull=False).count() < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_three_workers_killed_in_the_middle_do_every_job_exactly_once(
    database: DatabaseUrls,
) -> None:
    owner = await asyncpg.connect(database.owner)
    await owner.execute("CREATE TABLE effects (subject_id uuid); GRANT ALL ON effects TO PUBLIC")
    await Job.bulk_create(
        [
            Job(id=new_id(), kind="count", subject_id=new_id(), due_at=NOON, run_at=NOON)
            for _ in range(JOBS)
        ]
    )
    workers = [started(database.application) for _ in range(3)]

    try:
        for place, moment in enumerate(KILL_AT):
            await done(moment)
            workers[place].kill()
            workers[place].wait()
            workers[place] = started(database.application)
        await done(JOBS)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=5)

    effects = await owner.fetch("SELECT subject_id FROM effects")
    await owner.close()
    jobs = await Job.all()
    assert len(effects) == JOBS
    assert {row["subject_id"] for row in effects} == {job.subject_id for job in jobs}
    assert sum(job.attempts for job in jobs) > JOBS  # Killed in the middle, indeed.
    assert [job.failed_at for job in jobs] == [None] * JOBS
