"""Erasing whoever closed their account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import erasures, jobs
from domain.decisions import decision
from models.jobs import Job

AGAIN_AFTER: Final = timedelta(minutes=5)


async def erase_account(job: Job, now: datetime) -> None:
    """Erases the person once their last letter has left; until then looks every five minutes."""
    person_id, event_id = job.subject_id, UUID(job.payload["event_id"])
    async with decision() as announce:
        if await erasures.is_letter_awaited(person_id, event_id, now):
            await erasures.schedule(announce, person_id, event_id, now + AGAIN_AFTER)
        else:
            await erasures.erase(person_id, now)
        await jobs.finish(job, now)
