"""Letters about forgotten passwords, and looking for passwords that grow old."""

from __future__ import annotations

import logging
from datetime import datetime

from channels.couriers import Courier
from domain import links, password_reminders, password_resets
from jobs.letters import carry, compose
from models.jobs import Job
from models.people import Person
from schema.texts.letters.resets import PASSWORD_LINK

_log = logging.getLogger(__name__)


async def send_password_reset(
    job: Job, now: datetime, *, courier: Courier, public_url: str
) -> None:
    """Finds out whose contact was named, and sends the link; to nobody it sends nothing."""
    found = await password_resets.identify(job.subject_id, now)
    if found is None:
        return
    link, contact = found
    minutes = (link.expires_at - link.created_at).total_seconds() // 60
    letter = await compose(
        # The link's own id: sent again after a crash, it is the same letter.
        link.id,
        PASSWORD_LINK,
        to=contact,
        person=await Person.get(id=link.person_id),
        public_url=public_url,
        now=now,
        facts={"link": f"{public_url}/links/{links.token(link)}", "minutes": f"{minutes:.0f}"},
    )
    await carry(letter, courier)


async def find_ageing_passwords(_: Job, now: datetime) -> None:
    """Asks for tomorrow's look first, so that no failure ends the row of days; then looks."""
    await password_reminders.schedule(now)
    found = await password_reminders.scan(now)
    if found:
        _log.info("passwords: %s are to be changed within two weeks", found)


async def remind_of_ageing_password(job: Job, now: datetime) -> None:
    """Tells one person that their password must soon be another."""
    await password_reminders.remind(job, now)
