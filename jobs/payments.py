"""What ends by itself: orders that nobody paid, and what was authorised and not captured."""

from __future__ import annotations

from datetime import datetime

from domain import orders, payments
from models.jobs import Job


async def expire_order(job: Job, now: datetime) -> None:
    """Closes an order whose time is over; repeated, or once it is paid, it changes nothing."""
    await orders.expire(job.subject_id, now)


async def expire_payment(job: Job, now: datetime) -> None:
    """Gives back what was not captured in time; repeated, it changes nothing."""
    await payments.expire(job.subject_id, now)
