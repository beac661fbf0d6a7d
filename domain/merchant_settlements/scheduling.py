"""When merchants are settled: once a day, each account by a job of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, keys
from domain.decisions import decision
from models.jobs import Job
from models.wallets import Account, AccountKind

SCAN_JOB: Final = "find_accounts_to_settle"
SETTLE_JOB: Final = "settle_merchant_account"
MINUTE: Final = 10
"""After midnight (UTC), so that what was posted at the day's last moment has arrived."""

STEP: Final = 500
_FIRST: Final = UUID(int=0)


async def schedule(now: datetime) -> None:
    """Asks for the next day's settling; asked for again, it changes nothing."""
    today = now.astimezone(UTC).replace(hour=0, minute=MINUTE, second=0, microsecond=0)
    due_at = today if today > now else today + timedelta(days=1)
    async with decision() as announce:
        await jobs.enqueue(announce, SCAN_JOB, subject_id=keys.SYSTEM, due_at=due_at)


async def scan(job: Job, *, step: int = STEP) -> int:
    """Asks for the settling of every account that ever took a payment; returns how many.

    Opens a decision for each step, and does no harm when it is done twice.
    """
    found, after = 0, _FIRST
    while True:
        accounts = (
            await Account.filter(kind=AccountKind.MERCHANT, id__gt=after, version__gt=0)
            .order_by("id")
            .limit(step)
            .only("id")
        )
        if not accounts:
            return found
        async with decision() as announce:
            for account in accounts:
                await jobs.enqueue(announce, SETTLE_JOB, subject_id=account.id, due_at=job.due_at)
        found, after = found + len(accounts), accounts[-1].id


def settled_day(job: Job) -> date:
    """The last day that a job's settlement is about: the one before it was due."""
    return job.due_at.astimezone(UTC).date() - timedelta(days=1)
