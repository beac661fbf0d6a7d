"""Which contacts may let their owner in: not one that was proved only lately, beside another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import names
from domain.refusals import Refusal
from models.people import Contact, ContactKind

PROBATION: Final = timedelta(hours=24)
"""How long a contact that was proved later than another one lets nobody in."""


class NoUsableContact(Refusal):
    """No contact is proved, and has been for long enough, to be believed."""

    def __init__(self) -> None:
        super().__init__("There is no contact that a code could be sent to.")


async def usable(person_id: UUID, now: datetime) -> list[Contact]:
    """The contacts that may let this person in, those proved first first.

    One that was proved later than another is not among them for a day: its owner may be whoever
    has taken the account over. One that will be removed is, until it goes.
    """
    proved = Contact.filter(person_id=person_id, verified_at__isnull=False)
    return [each for each in await proved.order_by("verified_at", "id") if is_usable(each, now)]


def is_usable(contact: Contact, now: datetime) -> bool:
    """Whether what is sent to it may let its owner in."""
    usable_at = usable_from(contact)
    return usable_at is not None and usable_at <= now


def usable_from(contact: Contact) -> datetime | None:
    """From when on a contact may let its owner in; None until it is proved."""
    if contact.verified_at is None:
        return None
    # An older server that runs beside this one writes only when it was proved.
    return contact.usable_at or contact.verified_at + PROBATION


def masked(contact: Contact) -> str:
    """Enough of the contact to recognise it by."""
    if contact.kind is ContactKind.EMAIL:
        return names.masked_email(contact.value)
    return names.masked_phone(contact.value)
