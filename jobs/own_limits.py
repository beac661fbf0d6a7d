"""Bringing higher limits into force that their owners asked for a day ago."""

from __future__ import annotations

from datetime import datetime

from domain import own_limits
from models.jobs import Job


async def raise_own_limit(job: Job, now: datetime) -> None:
    """Raises the limit unless it was withdrawn; repeated, it changes nothing."""
    await own_limits.apply_raise(job.subject_id, now)
