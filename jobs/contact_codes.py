"""Sending the codes that prove a contact, or prove through one that it is still its owner."""

from __future__ import annotations

from datetime import datetime

from channels.couriers import Courier
from domain import contacts
from jobs.letters import carry, compose
from models.jobs import Job
from models.people import Contact, ContactCode, Person
from schema.texts.letters import CODES


async def send_contact_code(job: Job, now: datetime, *, courier: Courier, public_url: str) -> None:
    """Sends a code to its contact in its owner's language; one that is of no use is not sent."""
    code = await ContactCode.get_or_none(id=job.subject_id)
    if code is None or code.used_at is not None or code.expires_at <= now:
        return
    contact = await Contact.get(id=code.contact_id)
    minutes = (code.expires_at - code.created_at).total_seconds() // 60
    letter = await compose(
        # The code's own id: sent again after a crash, it is the same letter.
        code.id,
        CODES[code.purpose],
        to=contact,
        person=await Person.get(id=contact.person_id),
        public_url=public_url,
        now=now,
        facts={"code": contacts.code_for(code), "minutes": f"{minutes:.0f}"},
    )
    await carry(letter, courier)
