"""Telling people that somebody guessed at their password or codes until the door was locked."""

from __future__ import annotations

from datetime import datetime

from domain import security_events
from domain.decisions import decision
from domain.jobs import finish
from models.jobs import Job
from models.people import Person, SignInGuard
from models.security_events import EventKind


async def tell_sign_in_lock(job: Job, now: datetime) -> None:
    """Writes down that an account was locked, which sends the letter.

    Nothing where the account is nobody's, or where the last of the tries was right after all.
    """
    async with decision() as announce:
        guard = await SignInGuard.get_or_none(subject_id=job.subject_id)
        if guard is not None and guard.locked_until is not None:
            person = await Person.get_or_none(id=guard.person_id or guard.subject_id)
            if person is not None and person.closed_at is None:
                await security_events.record(
                    announce,
                    EventKind.SIGN_IN_LOCKED,
                    person_id=person.id,
                    now=now,
                    address=job.payload.get("address", ""),
                    factor=guard.factor.value,
                )
        await finish(job, now)
