"""Telling people what happened to their account, by a letter to each of their contacts."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from channels.couriers import Courier
from domain import contacts, jobs, links, security_events
from domain.decisions import decision
from jobs.letters import carry, compose
from models.jobs import Job
from models.links import Link, LinkKind
from models.people import Contact, ContactKind, Person
from models.phrases import Phrase
from models.security_events import EventKind, SecurityEvent
from schema.tellings import Telling, moment, tell
from schema.texts import Language, Text
from schema.texts.events import parts
from schema.texts.letters import LetterText

_APART: Final = timedelta(microseconds=1)
"""Between the jobs of one event: at the same moment they would be one and the same job."""


async def tell_security_event(
    job: Job, now: datetime, *, courier: Courier, public_url: str
) -> None:
    """Writes to every contact that is proved by now, each by a job of its own.

    So one that cannot be reached keeps no other letter back, and makes none go twice. Telephones
    get only what cannot wait for somebody to read their mail.
    """
    event = await SecurityEvent.get(id=job.subject_id)
    if contact_id := job.payload.get("contact_id"):
        contact = await Contact.get_or_none(id=UUID(contact_id))
        if contact is not None:
            await _write(event, contact, now, courier, public_url)
        return
    async with decision() as announce:
        for number, contact in enumerate(await _told(event), 1):
            await jobs.enqueue(
                announce,
                security_events.TELL_JOB,
                subject_id=event.id,
                due_at=job.due_at - number * _APART,
                payload={"contact_id": str(contact.id)},
            )
        await jobs.finish(job, now)


async def _told(event: SecurityEvent) -> list[Contact]:
    """Whoever hears of it; of a contact that was removed, that one as well."""
    person = await Person.get(id=event.person_id)
    [telling] = await tell([event], Language(person.locale), person.time_zone)
    found = await Contact.filter(person_id=person.id, verified_at__isnull=False).order_by("id")
    if event.kind is EventKind.CONTACT_REMOVED:
        found += await Contact.filter(id=UUID(event.detail["contact_id"]), person_id=person.id)
    return [each for each in found if each.kind is ContactKind.EMAIL or telling.words.sms]


async def _write(
    event: SecurityEvent, contact: Contact, now: datetime, courier: Courier, public_url: str
) -> None:
    person = await Person.get(id=event.person_id)
    [telling] = await tell([event], Language(person.locale), person.time_zone)
    link, advice = await _advice(event, contact, public_url, now)
    lines = _lines(event, telling, person)
    letter = await compose(
        letter_id(event.id, contact.id),
        _words(telling, advice, len(lines)),
        to=contact,
        person=person,
        public_url=public_url,
        now=now,
        facts={"link": link} | {f"line_{number}": line for number, line in enumerate(lines)},
        phrase=await _shown_phrase(event),
    )
    await carry(letter, courier)


def _words(telling: Telling, advice: Text, lines: int) -> LetterText:
    """Each line is a fact, because what people write must not become part of the words."""
    words, known = telling.words, "\n".join(f"{{line_{number}}}" for number in range(lines))
    return LetterText(
        subject=Text(en=f"uPay: {words.title.en}", zh=f"uPay：{words.title.zh}"),
        text=Text(
            en="\n\n".join(part for part in (words.text.en, known, advice.en) if part),
            zh="\n\n".join(part for part in (words.text.zh, known, advice.zh) if part),
        ),
        sms=words.sms,
    )


def _lines(event: SecurityEvent, telling: Telling, person: Person) -> list[str]:
    language, zone = Language(person.locale), person.time_zone
    lines = [parts.WHEN.said(language, at=moment(event.at, language, zone), zone=zone)]
    if event.address:
        lines.append(parts.ADDRESS.said(language, address=event.address))
    if telling.device:
        lines.append(parts.DEVICE.said(language, device=telling.device))
    return lines + telling.facts


async def _advice(
    event: SecurityEvent, contact: Contact, public_url: str, now: datetime
) -> tuple[str, Text]:
    """The link in the letter and what is said of it; of a link that is dead nothing.

    Anybody may freeze. To say that a payment was one's own is for contacts that let somebody in.
    """
    if event.kind is EventKind.PAYMENT_QUESTIONED:
        link = await Link.get_or_none(
            kind=LinkKind.ANSWER, subject_id=UUID(event.detail["inquiry_id"])
        )
        alive, dead = parts.ANSWER_HERE, parts.ANSWER_IN_UPAY
    elif event.kind in security_events.OFFER_A_FREEZE:
        link = await Link.get_or_none(kind=LinkKind.FREEZE, subject_id=event.id)
        alive, dead = parts.WAS_IT_YOU, parts.WAS_IT_YOU_WITHOUT_A_LINK
    else:
        return "", Text(en="", zh="")
    is_theirs = alive is parts.WAS_IT_YOU or contacts.is_usable(contact, now)
    if not is_theirs or link is None or link.used_at is not None or link.expires_at <= now:
        return "", dead
    return f"{public_url}/links/{links.token(link)}", alive


async def _shown_phrase(event: SecurityEvent) -> str | None:
    """Of a phrase that was changed the one before it: by that its reader knows the letter."""
    if event.kind is not EventKind.PHRASE_CHANGED:
        return None
    shown = await Phrase.get_or_none(id=UUID(event.detail["shown_id"]))
    return None if shown is None else shown.text


def letter_id(event_id: UUID, contact_id: UUID) -> UUID:
    """The letter about an event to a contact: always the same one, and as old as the event."""
    digest = hashlib.sha256(event_id.bytes + contact_id.bytes).digest()
    value = int.from_bytes(event_id.bytes[:6] + digest[:10])
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
