"""Contacts: e-mail addresses and telephone numbers, proved by a code that was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain import fresh_proofs, names, security_events
from domain.contacts.codes import (
    CODE_LIVES,
    CODE_MAX_WRONG_TRIES,
    SEND_JOB,
    CodeExpired,
    CodeWrong,
    TooManyCodes,
    code_for,
    issue,
    proving,
    refuse_flood,
    take_code,
    use,
)
from domain.contacts.probation import (
    PROBATION,
    NoUsableContact,
    is_usable,
    masked,
    usable,
    usable_from,
)
from domain.contacts.removing import (
    NOTICE,
    REMOVE_JOB,
    LastContact,
    keep,
    let_go,
    remove,
    require_proof,
    theirs,
)
from domain.decisions import Announce, decision
from domain.refusals import NotFound, Refusal
from models.ids import new_id
from models.people import Contact, ContactKind, Person
from models.security_events import EventKind

if TYPE_CHECKING:
    from domain.sessions import Identity

__all__ = [
    "CODE_LIVES",
    "CODE_MAX_WRONG_TRIES",
    "NOTICE",
    "PROBATION",
    "REMOVE_JOB",
    "SEND_JOB",
    "CodeExpired",
    "CodeWrong",
    "LastContact",
    "NoUsableContact",
    "TooManyCodes",
    "code_for",
    "is_usable",
    "issue",
    "keep",
    "let_go",
    "masked",
    "refuse_flood",
    "remove",
    "require_proof",
    "take_code",
    "usable",
    "usable_from",
]

MOST_OF_A_KIND: Final = 5


class ContactTaken(Refusal):
    """Somebody else has proved to own it."""

    def __init__(self) -> None:
        super().__init__("This contact belongs to another account.")


class TooManyContacts(Refusal):
    """There are five of its kind already, and none of them goes by itself."""

    def __init__(self) -> None:
        super().__init__("There are too many contacts of this kind.")


ADD_REFUSALS: Final = (
    names.EmailInvalid,
    names.PhoneInvalid,
    fresh_proofs.ProofNeeded,
    TooManyContacts,
    TooManyCodes,
)
SEND_REFUSALS: Final = (TooManyCodes,)
VERIFY_REFUSALS: Final = (CodeWrong, CodeExpired, ContactTaken)
REMOVE_REFUSALS: Final = (fresh_proofs.ProofNeeded, LastContact)
KEEP_REFUSALS: Final = (fresh_proofs.ProofNeeded,)


async def add(person_id: UUID, kind: ContactKind, value: str, now: datetime) -> Contact:
    """Notes a contact that a person says is theirs; `value` as `domain.names` wrote it."""
    return await Contact.create(
        id=new_id(), person_id=person_id, kind=kind, value=value, created_at=now
    )


async def add_own(by: Identity, kind: ContactKind, value: str, now: datetime) -> Contact:
    """Notes a contact of the caller's and sends its code; one that they have already is the same.

    Whether somebody else has it is not said: only who reads the code learns it.

    Raises:
        EmailInvalid, PhoneInvalid: see there.
        ProofNeeded: see `require_proof`.
        TooManyContacts: see there.
        TooManyCodes: see `refuse_flood`.
    """
    spelling = names.email(value) if kind is ContactKind.EMAIL else names.phone(value)
    await require_proof(by, now)
    async with decision() as announce:
        await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
        mine = await Contact.filter(person_id=by.person_id, kind=kind, removed_at__isnull=True)
        contact = next((each for each in mine if each.value == spelling), None)
        if contact is None:
            if len(mine) >= MOST_OF_A_KIND:
                raise TooManyContacts
            contact = await add(by.person_id, kind, spelling, now)
        if contact.verified_at is None:
            await refuse_flood(contact, now)
            await issue(contact, now, announce)
    return contact


async def send_code(person_id: UUID, contact_id: UUID, now: datetime) -> Contact:
    """Sends a fresh code, which voids the one before.

    Raises:
        NotFound: the contact is not one of this person's.
        TooManyCodes: see `refuse_flood`.
    """
    async with decision() as announce:
        contact = await theirs(person_id, contact_id)
        await refuse_flood(contact, now)
        await issue(contact, now, announce)
    return contact


async def verify(
    person_id: UUID,
    contact_id: UUID,
    code: str,
    now: datetime,
    *,
    session_id: UUID | None = None,
    address: str = "",
) -> Contact:
    """Takes the newest code back: the contact is this person's from now on.

    The first one of a person is usable at once, a later one in a day; of that all are told.

    Raises:
        NotFound: the contact is not one of this person's.
        CodeExpired, CodeWrong: see there.
        ContactTaken: somebody else proved to own it before.
    """
    contact = await theirs(person_id, contact_id)
    if contact.verified_at is not None:
        return contact
    tried = await proving(contact_id, code, now)
    if tried is None:
        # Used a moment ago, perhaps, by the same answer sent twice.
        contact = await Contact.get(id=contact_id)
        if contact.verified_at is None:
            raise CodeExpired
        return contact
    try:
        async with decision() as announce:
            if await use(tried, now):
                await _believe(contact, now)
                await _tell_of(contact, now, announce, session_id, address)
                return contact
            # The same code at the same moment, twice: the other one has verified the contact.
            await contact.refresh_from_db()
    except IntegrityError as error:
        if await _is_taken(contact):
            raise ContactTaken from error
        raise
    return contact


async def _believe(contact: Contact, now: datetime) -> None:
    # Of two contacts proved at once one is the first.
    await Person.filter(id=contact.person_id).select_for_update(no_key=True).get()
    is_first = not await Contact.exists(person_id=contact.person_id, verified_at__isnull=False)
    contact.verified_at = now
    contact.usable_at = now if is_first else now + PROBATION
    there = Contact.filter(id=contact.id, removed_at__isnull=True)
    if not await there.update(verified_at=now, usable_at=contact.usable_at):
        raise NotFound


async def _tell_of(
    contact: Contact, now: datetime, announce: Announce, session_id: UUID | None, address: str
) -> None:
    """Of a first contact there is nobody to tell."""
    usable_at = usable_from(contact)
    if usable_at is not None and usable_at > now:
        await security_events.record(
            announce,
            EventKind.CONTACT_ADDED,
            person_id=contact.person_id,
            now=now,
            session_id=session_id,
            address=address,
            contact=masked(contact),
            usable_at=usable_at.isoformat(),
        )


async def _is_taken(contact: Contact) -> bool:
    return await Contact.exists(kind=contact.kind, value=contact.value, verified_at__isnull=False)
