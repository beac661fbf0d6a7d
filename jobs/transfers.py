"""Letting delayed transfers arrive."""

from __future__ import annotations

from datetime import datetime

from domain import transfers
from models.jobs import Job


async def settle_transfer(job: Job, now: datetime) -> None:
    """Lets the transfer arrive, or says why it cannot; repeated, it changes nothing."""
    await transfers.settle(job.subject_id, now)
