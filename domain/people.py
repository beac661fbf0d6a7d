"""Becoming somebody, and finding people by what they are called."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tortoise.exceptions import IntegrityError

from domain import contacts, names, passwords
from domain.decisions import decision
from domain.refusals import Refusal
from models.ids import new_id
from models.people import Contact, ContactKind, Person, Role


class AccountNameTaken(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody else has this account name.")


REGISTER_REFUSALS: Final = (
    names.AccountNameInvalid,
    names.DisplayNameInvalid,
    names.EmailInvalid,
    names.PhoneInvalid,
    names.TimeZoneInvalid,
    passwords.PasswordTooWeak,
    AccountNameTaken,
)


async def register(
    *,
    account_name: str,
    display_name: str,
    email: str,
    phone: str | None,
    password: str,
    locale: str,
    time_zone: str,
    now: datetime,
    role: Role = Role.CUSTOMER,
) -> Person:
    """Makes a person; a code is on its way to each contact, and until it is back they are nobody's.

    That a contact belongs to somebody else already is not said here: whoever cannot read the code
    would learn who is a customer.

    Raises:
        AccountNameInvalid, DisplayNameInvalid, EmailInvalid, PhoneInvalid, TimeZoneInvalid,
        PasswordTooWeak: see there.
        AccountNameTaken: somebody has it.
    """
    folded = names.account_name(account_name)
    reached = [(ContactKind.EMAIL, names.email(email))]
    if phone is not None:
        reached.append((ContactKind.PHONE, names.phone(phone)))
    passwords.check(password, account_name=folded)
    person = Person(
        id=new_id(),
        account_name=folded,
        display_name=names.display_name(display_name),
        role=role,
        locale=locale,
        time_zone=names.time_zone(time_zone),
        password_hash=await passwords.hashed(password),
        created_at=now,
    )
    try:
        async with decision() as announce:
            await person.save(force_create=True)
            for kind, value in reached:
                contact = await contacts.add(person.id, kind, value, now)
                await contacts.issue(contact, now, announce)
    except IntegrityError as error:
        if await Person.exists(account_name=folded):
            raise AccountNameTaken from error
        raise
    return person


async def find(name: str) -> Person | None:
    """Whoever is called that: by account name, or by a verified telephone number or e-mail."""
    spelling = spelled(name)
    if "@" in spelling:
        return await _by_contact(ContactKind.EMAIL, spelling)
    if spelling.startswith("+"):
        return await _by_contact(ContactKind.PHONE, spelling)
    return await Person.get_or_none(account_name=spelling)


def spelled(name: str) -> str:
    """An account name, telephone number or e-mail address as it is kept; empty if it is none.

    Of the three no spelling can be taken for another's.
    """
    try:
        if "@" in name:
            return names.email(name)
        if name.strip()[:1] in {"+", "＋"}:
            return names.phone(name)
        return names.account_name(name)
    except (names.EmailInvalid, names.PhoneInvalid, names.AccountNameInvalid):
        return ""


def name_for_strangers(person: Person) -> str:
    """What anybody may see of a person's name: all of a merchant's, little of anybody else's."""
    name = person.display_name
    return name if person.role is Role.MERCHANT else names.masked_name(name)


async def _by_contact(kind: ContactKind, value: str) -> Person | None:
    contact = await Contact.get_or_none(kind=kind, value=value, verified_at__isnull=False)
    return None if contact is None else await Person.get_or_none(id=contact.person_id)
