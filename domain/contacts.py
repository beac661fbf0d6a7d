"""Contacts: e-mail addresses and telephone numbers, proved by a code that was sent to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain import jobs, secrets
from domain.decisions import Announce, decision
from domain.refusals import NotFound, Refusal
from models.database import client
from models.ids import new_id
from models.people import Contact, ContactCode, ContactKind

CODE_LIVES: Final = timedelta(minutes=10)
CODE_MAX_WRONG_TRIES: Final = 5
CODES_AT_MOST: Final = 5
CODES_WITHIN: Final = timedelta(hours=1)
SEND_JOB: Final = "send_contact_code"


class TooManyCodes(Refusal):
    """Another code can be sent at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("Too many codes were sent to this contact.")
        self.again_at = again_at


class CodeWrong(Refusal):
    """`tries_left` more may be tried before the code is void."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("The code is wrong.")
        self.tries_left = tries_left


class CodeExpired(Refusal):
    """There is no code that could be right: too old, used, or guessed wrong too often."""

    def __init__(self) -> None:
        super().__init__("This code is no longer valid.")


class ContactTaken(Refusal):
    """Somebody else has proved to own it."""

    def __init__(self) -> None:
        super().__init__("This contact belongs to another account.")


SEND_REFUSALS: Final = (TooManyCodes,)
VERIFY_REFUSALS: Final = (CodeWrong, CodeExpired, ContactTaken)


async def add(person_id: UUID, kind: ContactKind, value: str, now: datetime) -> Contact:
    """Notes a contact that a person says is theirs; `value` as `domain.names` wrote it."""
    return await Contact.create(
        id=new_id(), person_id=person_id, kind=kind, value=value, created_at=now
    )


async def send_code(person_id: UUID, contact_id: UUID, now: datetime) -> Contact:
    """Sends a fresh code, which voids the one before.

    Raises:
        NotFound: the contact is not one of this person's.
        TooManyCodes: five were sent within the hour.
    """
    async with decision() as announce:
        contact = (
            await Contact.filter(id=contact_id, person_id=person_id)
            .select_for_update()
            .get_or_none()
        )
        if contact is None:
            raise NotFound
        sent = await ContactCode.filter(
            contact_id=contact_id, created_at__gt=now - CODES_WITHIN
        ).order_by("created_at")
        if len(sent) >= CODES_AT_MOST:
            raise TooManyCodes(sent[-CODES_AT_MOST].created_at + CODES_WITHIN)
        await issue(contact, now, announce)
    return contact


async def issue(contact: Contact, now: datetime, announce: Announce) -> ContactCode:
    """Makes a code and the job that sends it, inside the caller's decision."""
    code = await ContactCode.create(
        id=new_id(), contact_id=contact.id, created_at=now, expires_at=now + CODE_LIVES
    )
    await jobs.enqueue(announce, SEND_JOB, subject_id=code.id, due_at=now)
    return code


def code_for(code: ContactCode) -> str:
    """The six digits, derived from the code's id with the server's key and kept nowhere."""
    number = int.from_bytes(secrets.mac("contact-code", code.id.bytes)[:8]) % 1_000_000
    return f"{number:06d}"


# The try is counted in the statement that finds the code, before anything is compared.
_TRY: Final = """
    UPDATE contact_codes SET wrong_tries = wrong_tries + 1
    WHERE id = (SELECT id FROM contact_codes WHERE contact_id = $1 ORDER BY created_at DESC, id DESC
                LIMIT 1)
        AND used_at IS NULL AND expires_at > $2 AND wrong_tries < $3
    RETURNING *
"""


async def verify(person_id: UUID, contact_id: UUID, code: str, now: datetime) -> Contact:
    """Takes the newest code back: the contact is this person's from now on.

    Raises:
        NotFound: the contact is not one of this person's.
        CodeExpired, CodeWrong: see there.
        ContactTaken: somebody else proved to own it before.
    """
    contact = await Contact.get_or_none(id=contact_id, person_id=person_id)
    if contact is None:
        raise NotFound
    if contact.verified_at is not None:
        return contact
    rows = await client().execute_query_dict(_TRY, [contact_id, now, CODE_MAX_WRONG_TRIES])
    if not rows:
        # Used a moment ago, perhaps, by the same answer sent twice.
        contact = await Contact.get(id=contact_id)
        if contact.verified_at is None:
            raise CodeExpired
        return contact
    tried = ContactCode._init_from_db(**rows[0])
    if not secrets.is_same(code[:16], code_for(tried)):
        raise CodeWrong(CODE_MAX_WRONG_TRIES - tried.wrong_tries)
    try:
        async with decision():
            if await ContactCode.filter(id=tried.id, used_at__isnull=True).update(used_at=now):
                contact.verified_at = now
                await contact.save(update_fields=["verified_at"])
            else:
                # The same code at the same moment, twice: the other one has verified the contact.
                await contact.refresh_from_db()
    except IntegrityError as error:
        if await _is_taken(contact):
            raise ContactTaken from error
        raise
    return contact


async def _is_taken(contact: Contact) -> bool:
    return await Contact.exists(kind=contact.kind, value=contact.value, verified_at__isnull=False)
