"""Ending requests for money that nobody answered."""

from __future__ import annotations

from datetime import datetime

from domain import money_requests
from models.jobs import Job


async def expire_money_request(job: Job, now: datetime) -> None:
    """Ends a request whose time is over; repeated, it changes nothing."""
    await money_requests.expire(job.subject_id, now)
