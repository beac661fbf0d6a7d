"""Removing contacts: a proved one goes after a day, in which its owner may keep it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain import fresh_proofs, jobs, second_factors, security_events
from domain.contacts.probation import masked, usable
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from models.people import Contact, Person
from models.security_events import EventKind

if TYPE_CHECKING:
    from domain.sessions import Identity

NOTICE: Final = timedelta(hours=24)
REMOVE_JOB: Final = "remove_contact"


class LastContact(Refusal):
    """Without it nobody could reach this person, and they could not come back in."""

    def __init__(self) -> None:
        super().__init__("This is the last contact that can let you in.")


async def remove(by: Identity, contact_id: UUID, now: datetime, *, address: str = "") -> Contact:
    """Removes one of the caller's contacts: at once if it was never proved, else in a day.

    Until then it works as before and `keep` undoes it; every contact is told. Asked again, it
    changes nothing.

    Raises:
        NotFound: the contact is not one of this person's.
        ProofNeeded: see `require_proof`.
        LastContact: no other contact that stays could let them in.
    """
    await theirs(by.person_id, contact_id)
    await require_proof(by, now)
    async with decision() as announce:
        contact = await _locked(by.person_id, contact_id)
        if contact.verified_at is None:
            await _take_away(contact, now)
        elif contact.leaves_at is None:
            staying = [each for each in await usable(by.person_id, now) if not each.leaves_at]
            if not {each.id for each in staying} - {contact.id}:
                raise LastContact
            contact.leaves_at = now + NOTICE
            await contact.save(update_fields=["leaves_at"])
            await jobs.enqueue(
                announce, REMOVE_JOB, subject_id=contact.id, due_at=contact.leaves_at
            )
            await security_events.record(
                announce,
                EventKind.CONTACT_LEAVING,
                person_id=by.person_id,
                now=now,
                session_id=by.session_id,
                address=address,
                contact=masked(contact),
                leaves_at=contact.leaves_at.isoformat(),
            )
    return contact


async def keep(by: Identity, contact_id: UUID, now: datetime) -> Contact:
    """Keeps a contact that was about to be removed; one that was not stays as it is.

    Raises:
        NotFound: the contact is not one of this person's any more.
        ProofNeeded: the session must prove again who is using it.
    """
    await theirs(by.person_id, contact_id)
    await fresh_proofs.require(by, now)
    async with decision():
        contact = await _locked(by.person_id, contact_id)
        contact.leaves_at = None
        await contact.save(update_fields=["leaves_at"])
    return contact


async def let_go(contact_id: UUID, now: datetime) -> None:
    """Removes a contact whose time has come, unless it was kept meanwhile; it is told as well.

    Opens a decision, or joins the caller's.
    """
    async with decision() as announce:
        contact = await Contact.get_or_none(id=contact_id)
        if contact is None:
            return
        await Person.filter(id=contact.person_id).select_for_update(no_key=True).get()
        await contact.refresh_from_db()
        if contact.leaves_at is None or contact.leaves_at > now:
            return
        shown = masked(contact)
        await _take_away(contact, now)
        await security_events.record(
            announce,
            EventKind.CONTACT_REMOVED,
            person_id=contact.person_id,
            now=now,
            contact=shown,
            contact_id=str(contact.id),
        )


async def require_proof(by: Identity, now: datetime) -> None:
    """Returns when whoever wants to change contacts has proved who they are.

    Raises:
        ProofNeeded: the session must prove it again, with the second factor of who has one.
    """
    if await second_factors.is_enrolled(by.person_id):
        await second_factors.require_shown(by, now)
    else:
        await fresh_proofs.require(by, now)


async def _locked(person_id: UUID, contact_id: UUID) -> Contact:
    """One of a person's contacts, and nobody else changes any of them meanwhile."""
    await Person.filter(id=person_id).select_for_update(no_key=True).get()
    return await theirs(person_id, contact_id)


async def theirs(person_id: UUID, contact_id: UUID) -> Contact:
    """One of a person's contacts.

    Raises:
        NotFound: it is none, or none any more.
    """
    contact = await Contact.get_or_none(id=contact_id, person_id=person_id, removed_at__isnull=True)
    if contact is None:
        raise NotFound
    return contact


async def _take_away(contact: Contact, now: datetime) -> None:
    contact.verified_at, contact.usable_at, contact.leaves_at = None, None, None
    contact.removed_at = now
    await contact.save(update_fields=["verified_at", "usable_at", "leaves_at", "removed_at"])
