"""Telling people that their password must soon be another: once for each password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, keys, passwords, security_events
from domain.decisions import decision
from models.database import client
from models.jobs import Job
from models.people import Person
from models.security_events import EventKind

SCAN_JOB: Final = "find_ageing_passwords"
REMIND_JOB: Final = "remind_of_ageing_password"
HOUR: Final = 2
"""In UTC: ten in the morning in Shanghai, when letters are read."""

STEP: Final = 500
"""How many people one statement finds, and one decision asks jobs for."""

_FIRST: Final = UUID(int=0)

# By the index of ages. Whoever has a job for this very password was found before.
_AGEING: Final = """
    SELECT p.id, coalesce(p.password_set_at, p.created_at) AS set_at FROM people p
    WHERE p.closed_at IS NULL
        AND (coalesce(p.password_set_at, p.created_at), p.id) > ($1, $2)
        AND coalesce(p.password_set_at, p.created_at) <= $3
        AND NOT EXISTS (
            SELECT FROM jobs j WHERE j.kind = $4 AND j.subject_id = p.id
                AND j.due_at = coalesce(p.password_set_at, p.created_at) + $5::interval
        )
    ORDER BY coalesce(p.password_set_at, p.created_at), p.id LIMIT $6
"""


async def schedule(now: datetime) -> None:
    """Asks for the next look at all passwords, once a day; asked for again, it changes nothing."""
    today = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    due_at = today if today > now else today + timedelta(days=1)
    async with decision() as announce:
        await jobs.enqueue(announce, SCAN_JOB, subject_id=keys.SYSTEM, due_at=due_at)


async def scan(now: datetime, *, step: int = STEP) -> int:
    """Asks for a reminder for everybody whose password has two weeks left; returns how many.

    Whose password is too old already learns it when they sign in. Opens a decision for each step,
    and does no harm when it is done twice.
    """
    max_age = passwords.policy().max_age
    if max_age is None:
        return 0
    age = max_age - passwords.REMIND_BEFORE
    found, after = 0, (now - max_age, _FIRST)
    while people := await client().execute_query_dict(
        _AGEING, [*after, now - age, REMIND_JOB, age, step]
    ):
        async with decision() as announce:
            for person in people:
                due_at = person["set_at"] + age
                await jobs.enqueue(announce, REMIND_JOB, subject_id=person["id"], due_at=due_at)
        found += len(people)
        after = (people[-1]["set_at"], people[-1]["id"])
    return found


async def remind(job: Job, now: datetime) -> None:
    """Tells a person, unless the password is another by now or need not change; ends the job."""
    async with decision() as announce:
        person = await Person.filter(id=job.subject_id).select_for_update().get()
        expiry = await passwords.expires_at(person)
        is_meant = expiry is not None and expiry - passwords.REMIND_BEFORE == job.due_at
        if expiry is not None and is_meant and person.closed_at is None:
            await security_events.record(
                announce,
                EventKind.PASSWORD_AGEING,
                person_id=person.id,
                now=now,
                expires_at=expiry.isoformat(),
            )
        await jobs.finish(job, now)
