"""Making the archives that people ask for."""

from __future__ import annotations

from datetime import datetime

from domain import exports, jobs
from domain.decisions import decision
from models.jobs import Job
from models.sessions import Audience
from schema import catalogue


async def make_export(job: Job, now: datetime) -> None:
    """Writes the archive, and makes it fetchable together with the end of the job: once."""
    export = await exports.begin(job.subject_id, now)
    if export is None:
        return
    await exports.write(export, told=_told)
    async with decision() as announce:
        await jobs.finish(job, now)
        await exports.complete(announce, export, now)


def _told(recorded: str) -> str:
    return catalogue.failure(recorded, Audience.PUBLIC).code
