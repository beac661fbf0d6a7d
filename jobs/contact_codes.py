"""Sending the codes that prove a contact."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from channels.couriers import Courier, Letter
from domain import contacts
from models.jobs import Job
from models.people import Contact, ContactCode, ContactKind, Person
from schema.texts import Language
from schema.texts.letters import CONTACT_CODE_BY_EMAIL, CONTACT_CODE_BY_PHONE

_TEXTS: Final = {
    ContactKind.EMAIL: CONTACT_CODE_BY_EMAIL,
    ContactKind.PHONE: CONTACT_CODE_BY_PHONE,
}


async def send_contact_code(job: Job, now: datetime, *, courier: Courier) -> None:
    """Sends a code to its contact in its owner's language; one that is of no use is not sent."""
    code = await ContactCode.get_or_none(id=job.subject_id)
    if code is not None and code.used_at is None and code.expires_at > now:
        contact = await Contact.get(id=code.contact_id)
        person = await Person.get(id=contact.person_id)
        await courier.send(_letter(code, contact, Language(person.locale)))


def _letter(code: ContactCode, contact: Contact, language: Language) -> Letter:
    words = _TEXTS[contact.kind]
    minutes = (code.expires_at - code.created_at).total_seconds() // 60
    return Letter(
        # The code's own id: sent again after a crash, it is the same letter.
        id=code.id,
        to=contact.value,
        kind=contact.kind.value,
        subject=words.subject.said(language),
        text=words.text.said(
            language,
            code=contacts.code_for(code),
            minutes=f"{minutes:.0f}",
        ),
    )
