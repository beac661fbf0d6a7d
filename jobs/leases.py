"""Who is at which job: claimed for a while, kept, given back, tried again later, or given up.

Leases run on PostgreSQL's own clock, which all workers share and no test clock moves: a worker
that died is noticed in real time. When a job is due is a question to the caller's clock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from tortoise.connection import get_connection

from models.jobs import Job

_FREE: Final = (
    "done_at IS NULL AND failed_at IS NULL AND kind = ANY ($1) "
    "AND (lease_until IS NULL OR lease_until < clock_timestamp())"
)
_CLAIM: Final = f"""
    UPDATE jobs SET lease = $4, lease_until = clock_timestamp() + $5::float8 * interval '1 second',
                    attempts = attempts + 1
    WHERE id IN (SELECT id FROM jobs WHERE {_FREE} AND run_at <= $2
                 ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
    RETURNING *
"""  # noqa: S608 - constants
_NEXT: Final = f"SELECT min(run_at) AS run_at FROM jobs WHERE {_FREE} AND run_at > $2"  # noqa: S608
_KEEP: Final = """
    UPDATE jobs SET lease_until = clock_timestamp() + $3::float8 * interval '1 second'
    WHERE id = ANY ($1) AND lease = ANY ($2) AND done_at IS NULL
"""
_GIVE_BACK: Final = """
    UPDATE jobs SET lease = NULL, lease_until = NULL, attempts = attempts - 1
    WHERE id = ANY ($1) AND lease = ANY ($2) AND done_at IS NULL
"""
_RETRY: Final = """
    UPDATE jobs SET lease = NULL, lease_until = NULL, run_at = $3, last_error = $4
    WHERE id = $1 AND lease = $2 AND done_at IS NULL
"""
_GIVE_UP: Final = """
    UPDATE jobs SET lease = NULL, lease_until = NULL, failed_at = $3, last_error = $4
    WHERE id = $1 AND lease = $2 AND done_at IS NULL
"""


async def claim(
    kinds: Collection[str], *, now: datetime, limit: int, lease_seconds: float
) -> list[Job]:
    """Up to `limit` jobs of these kinds that are due and nobody is at, the longest due first."""
    rows = await get_connection("default").execute_query_dict(
        _CLAIM, [list(kinds), now, limit, uuid4(), lease_seconds]
    )
    jobs = [Job._init_from_db(**row) for row in rows]
    return sorted(jobs, key=lambda job: (job.run_at, job.id))


async def next_due(kinds: Collection[str], *, now: datetime) -> datetime | None:
    """When the next job after `now` is due, if there is one."""
    [row] = await get_connection("default").execute_query_dict(_NEXT, [list(kinds), now])
    due: datetime | None = row["run_at"]
    return due


async def keep(jobs: Collection[Job], *, lease_seconds: float) -> None:
    """Lets their leases run from this moment again."""
    await get_connection("default").execute_query(_KEEP, [*_names(jobs), lease_seconds])


async def give_back(jobs: Collection[Job]) -> None:
    """Leaves the jobs to whoever comes next, as if they had not been tried."""
    await get_connection("default").execute_query(_GIVE_BACK, _names(jobs))


async def retry(job: Job, *, at: datetime, error: str) -> None:
    """Lets the job be tried again at a later time."""
    await get_connection("default").execute_query(_RETRY, [job.id, job.lease, at, error])


async def give_up(job: Job, *, at: datetime, error: str) -> None:
    """Keeps the job for a person to look at; nobody tries it again."""
    await get_connection("default").execute_query(_GIVE_UP, [job.id, job.lease, at, error])


def _names(jobs: Collection[Job]) -> list[Any]:
    return [[job.id for job in jobs], [job.lease for job in jobs]]
