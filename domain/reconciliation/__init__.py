"""Reconciliation: a provider's statement of a day held against our books, line by line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain import audit, jobs, keys
from domain.decisions import decision
from domain.reconciliation.comparing import Booking, keep
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.jobs import Job
from models.people import Role
from models.places import Place, newest
from models.statements import Statement

__all__ = [
    "FETCH_JOB",
    "LOOKS_BACK",
    "Booking",
    "DayNotOver",
    "ask_again",
    "fetched_day",
    "keep",
    "missed_days",
    "page",
    "schedule",
]

FETCH_JOB: Final = "fetch_statement"
HOUR: Final = 3
"""In UTC, when a provider has closed its yesterday."""

LOOKS_BACK: Final = 31
"""How many days a server that was off catches up with."""

_ASKERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})


class DayNotOver(Refusal):
    """A statement is of a day that is over, and not older than a year."""

    def __init__(self) -> None:
        super().__init__("There is no statement of this day yet.")


RUN_REFUSALS: Final = (audit.ReasonRequired, DayNotOver)


async def schedule(now: datetime) -> None:
    """Asks for the next day's statement; asked for again, it changes nothing."""
    today = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    due_at = today if today > now else today + timedelta(days=1)
    async with decision() as announce:
        await jobs.enqueue(announce, FETCH_JOB, subject_id=keys.SYSTEM, due_at=due_at)


def fetched_day(job: Job) -> date:
    """The day whose statement a job is about: the one named, or the one before it was due."""
    named = job.payload.get("day")
    if named is not None:
        return date.fromisoformat(named)
    return job.due_at.astimezone(UTC).date() - timedelta(days=1)


async def missed_days(provider: str, until: date) -> list[date]:
    """The days before `until` that nobody fetched, oldest first; none before the first that was."""
    since = until - timedelta(days=LOOKS_BACK)
    fetched = await Statement.filter(provider=provider, day__gte=since).only("day")
    known = {statement.day for statement in fetched}
    if not known:
        return []
    first = min(known)
    days = (first + timedelta(days=each) for each in range((until - first).days))
    return [day for day in days if day not in known]


async def page(*, by: Identity, limit: int, after: Place | None) -> list[Statement]:
    """Up to `limit` statements that come after a place, the last fetched first.

    Raises:
        NotFound: whoever asks does not work at the desk.
    """
    by.require_desk()
    found = Statement.all()
    return await newest(found, "fetched_at", limit=limit, after=after)


async def ask_again(*, by: Identity, day: date, reason: str, now: datetime) -> None:
    """Has the statement of a day fetched and compared once more, as the desk wants; on record.

    Raises:
        NotFound: whoever asks is neither supervisor nor admin.
        ReasonRequired: an agent says why.
        DayNotOver: there is nothing to fetch.
    """
    if by.role not in _ASKERS:
        raise NotFound
    why = audit.reason(reason)
    today = now.astimezone(UTC).date()
    if not today - timedelta(days=366) <= day < today:
        raise DayNotOver
    async with decision() as announce:
        await audit.record(
            actor_id=by.person_id,
            action="fetch_statement",
            subject_id=None,
            reason=why,
            now=now,
            day=day.isoformat(),
        )
        await jobs.enqueue(
            announce,
            FETCH_JOB,
            subject_id=keys.SYSTEM,
            due_at=now,
            payload={"day": day.isoformat()},
        )
