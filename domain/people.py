"""Becoming somebody, and finding people by what they are called."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from domain import contacts, names, passwords, profiles, reserved_names, retired_names
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
    reserved_names.DisplayNameReserved,
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
        AccountNameInvalid, DisplayNameInvalid, DisplayNameReserved, EmailInvalid, PhoneInvalid,
        TimeZoneInvalid, PasswordTooWeak: see there.
        AccountNameTaken: somebody has it, or had it until they closed their account.
    """
    folded = names.account_name(account_name)
    reached = [(ContactKind.EMAIL, names.email(email))]
    if phone is not None:
        reached.append((ContactKind.PHONE, names.phone(phone)))
    owner = passwords.Owner(
        account_name=folded,
        display_name=display_name[: names.SPELLING_MAX],
        emails=(reached[0][1],),
    )
    await passwords.check(password, owner)
    if await retired_names.is_retired(folded):
        raise AccountNameTaken
    person = Person(
        id=new_id(),
        account_name=folded,
        display_name=_shown_name(display_name, role),
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


def _shown_name(text: str, role: Role) -> str:
    """Only those who work here may be called after what they do."""
    return names.display_name(text) if role.is_desk else profiles.checked_display_name(text)


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
    """What anybody may see of a person's name: little."""
    return names.masked_name(person.display_name)


async def _by_contact(kind: ContactKind, value: str) -> Person | None:
    # One statement whether or not there is such a contact: how long it takes must tell nothing.
    owner = Contact.filter(kind=kind, value=value, verified_at__isnull=False).values("person_id")
    return await Person.get_or_none(id__in=Subquery(owner))
