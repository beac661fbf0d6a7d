"""Asking for a letter because the password is forgotten, and finding out whom it is for.

Whoever asks learns nothing of who is here: a request does the same work whatever the contact is,
and a job finds out later whether it is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import contacts, guards, jobs, links, people, secrets
from domain.decisions import Announce, decision
from domain.password_resets.refusals import TooManyResets
from models.ids import new_id
from models.links import Link, LinkKind
from models.passwords import PasswordReset, ResetWay
from models.people import CodePurpose, Contact

LIVES: Final = links.LIVES[LinkKind.RESET_PASSWORD]
WITHIN: Final = timedelta(hours=1)
FOR_A_CONTACT_AT_MOST: Final = 5
FROM_AN_ADDRESS_AT_MOST: Final = 50
"""Many homes and telephones can share one."""

SEND_JOB: Final = "send_password_reset"
_PURPOSE: Final = "password-reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What whoever asked is told: the same for everybody."""

    id: UUID
    expires_at: datetime


async def ask(*, contact: str, way: ResetWay, address: str, now: datetime) -> Asked:
    """Asks for a letter to a contact, if it lets somebody in; the answer does not tell whether.

    To a telephone goes a code, whatever was asked for. One contact gets five letters within an
    hour, whoever asks for them; of more nothing is written down, and that is not told either.
    `address` is the network address of whoever asks; of IPv6 its /64 is counted.

    Raises:
        TooManyResets: fifty were asked for from this address within an hour.
    """
    spelling = _spelled(contact)
    value = spelling.encode()
    reset = PasswordReset(
        id=new_id(),
        # A text message with a link in it is what thieves send.
        way=ResetWay.CODE if spelling.startswith("+") else way,
        contact_mac=secrets.mac(_PURPOSE, value),
        sealed_contact=secrets.seal(_PURPOSE, value),
        address=guards.network(address),
        created_at=now,
        expires_at=now + LIVES,
    )
    async with decision() as announce:
        await _one_at_a_time(reset.contact_mac)
        await _refuse_flood(reset.address, now)
        lately = PasswordReset.filter(contact_mac=reset.contact_mac, created_at__gt=now - WITHIN)
        if await lately.count() < FOR_A_CONTACT_AT_MOST:
            await reset.save(force_create=True)
            await jobs.enqueue(announce, SEND_JOB, subject_id=reset.id, due_at=now)
    return Asked(id=reset.id, expires_at=reset.expires_at)


async def identify(reset_id: UUID, now: datetime) -> tuple[Link, Contact] | None:
    """Finds out whose contact a request named; returns the link to send, and where to.

    None when there is none to send: the contact lets nobody in, the time is over, or a code was
    asked for, which is sent by a job of its own. Asked again it gives the same link again.
    """
    async with decision() as announce:
        reset = await PasswordReset.filter(id=reset_id).select_for_update().get()
        if reset.sealed_contact is not None:
            await _identify(reset, secrets.unseal(_PURPOSE, reset.sealed_contact), now, announce)
    if reset.contact_id is None or reset.way is not ResetWay.LINK:
        return None
    link = await Link.get(subject_id=reset.id, kind=LinkKind.RESET_PASSWORD)
    contact = await Contact.get_or_none(id=reset.contact_id)
    is_open = reset.used_at is None and link.expires_at > now
    return (link, contact) if contact is not None and is_open else None


async def _identify(reset: PasswordReset, value: bytes, now: datetime, announce: Announce) -> None:
    """Notes whose contact it is, and makes what its owner is sent."""
    contact = await _usable_contact(value.decode(), now)
    if (
        contact is not None
        and reset.expires_at > now
        and await _offer(reset, contact, now, announce)
    ):
        reset.person_id, reset.contact_id = contact.person_id, contact.id
    reset.sealed_contact = None
    await reset.save(update_fields=["sealed_contact", "person_id", "contact_id"])


async def _offer(reset: PasswordReset, contact: Contact, now: datetime, announce: Announce) -> bool:
    """Makes a link, or a code and its job; no code where too many were sent lately.

    Either is as old as the request, whose time began when it was asked for.
    """
    asked_at, person_id = reset.created_at, contact.person_id
    if reset.way is ResetWay.LINK:
        await links.make(
            LinkKind.RESET_PASSWORD, person_id=person_id, subject_id=reset.id, now=asked_at
        )
        return True
    try:
        await contacts.refuse_flood(contact, now)
    except contacts.TooManyCodes:
        return False
    await contacts.issue(
        contact, asked_at, announce, purpose=CodePurpose.RESET_PASSWORD, subject_id=reset.id
    )
    return True


async def _usable_contact(value: str, now: datetime) -> Contact | None:
    person = await people.find(value) if value else None
    if person is None or person.closed_at is not None:
        return None
    usable = await contacts.usable(person.id, now)
    return next((contact for contact in usable if contact.value == value), None)


def _spelled(contact: str) -> str:
    """A contact as it is kept; empty for whatever is none, account names included."""
    spelling = people.spelled(contact)
    return spelling if "@" in spelling or spelling.startswith("+") else ""


async def _one_at_a_time(mac: bytes) -> None:
    """Waits for whoever asks about the same contact at this moment, so that none is miscounted."""
    await get_connection("default").execute_query(
        "SELECT pg_advisory_xact_lock($1)", [int.from_bytes(mac[:8], signed=True)]
    )


async def _refuse_flood(address: str, now: datetime) -> None:
    lately = PasswordReset.filter(address=address, created_at__gt=now - WITHIN)
    asked = await lately.order_by("-created_at").limit(FROM_AN_ADDRESS_AT_MOST)
    if len(asked) == FROM_AN_ADDRESS_AT_MOST:
        raise TooManyResets(asked[-1].created_at + WITHIN)
