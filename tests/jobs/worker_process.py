"""A worker in a process of its own, to be killed: `python -m tests.jobs.worker_process URL`."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime

from tortoise.connection import get_connection

from domain import jobs
from domain.decisions import decision
from jobs.worker import Worker
from models.database import connected
from models.jobs import Job
from realtime import bus


async def count(job: Job, now: datetime) -> None:
    """The effect: one row, which nothing in the database keeps from being two."""
    async with decision():
        connection = get_connection("default")
        await connection.execute_query("INSERT INTO effects VALUES ($1)", [job.subject_id])
        # Long enough to be killed between the effect and the end of the job.
        await connection.execute_query("SELECT pg_sleep(0.01)")
        await jobs.finish(job, now)


async def main(url: str) -> None:
    async with connected(url, pool_size=8), bus.MemoryBus() as memory:
        bus.install(memory)
        worker = Worker({"count": count}, clock=lambda: datetime.now(UTC), lease_seconds=1.0)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
