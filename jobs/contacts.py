"""Removing contacts whose time has come."""

from __future__ import annotations

from datetime import datetime

from domain import contacts, jobs
from domain.decisions import decision
from models.jobs import Job


async def remove_contact(job: Job, now: datetime) -> None:
    """Removes the contact, unless its owner kept it meanwhile."""
    async with decision():
        await contacts.let_go(job.subject_id, now)
        await jobs.finish(job, now)
