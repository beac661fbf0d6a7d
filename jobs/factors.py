"""Reminding somebody that the loss of their second factors was reported."""

from __future__ import annotations

from datetime import datetime

from domain import factor_losses
from models.jobs import Job


async def remind_of_factor_loss(job: Job, now: datetime) -> None:
    """Reminds once, while the report is waited for."""
    await factor_losses.remind(job, now)
