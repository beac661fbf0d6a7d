"""What nobody decided or answered in time."""

from __future__ import annotations

from datetime import datetime

from domain import inquiries, risk_cases
from models.jobs import Job


async def expire_risk_case(job: Job, now: datetime) -> None:
    """Declines the payment of a case that no agent decided; repeated, it changes nothing."""
    await risk_cases.expire(job.subject_id, now)


async def close_inquiry(job: Job, now: datetime) -> None:
    """Closes a question that nobody answered; repeated, it changes nothing."""
    await inquiries.close(job.subject_id, now)
