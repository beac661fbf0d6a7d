"""How long a password is good for: ninety days in one profile, for ever in the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import second_factors
from domain.passwords import guesses
from domain.passwords.hashing import at_work, normal
from domain.passwords.policies import policy
from models.people import Person

REMIND_BEFORE: Final = timedelta(days=14)


async def must_change(person: Person, now: datetime) -> bool:
    """Whether a person may do nothing before they have chosen another password."""
    if person.password_compromised_at is not None:
        return True
    expiry = await expires_at(person)
    return expiry is not None and expiry <= now


async def expires_at(person: Person) -> datetime | None:
    """When somebody's password has to be changed; None for whoever has a second factor.

    A thief of the password alone cannot sign in with it there, and changing it by the calendar
    gains nothing.
    """
    max_age = policy().max_age
    if max_age is None or await second_factors.is_enrolled(person.id):
        return None
    return set_at(person) + max_age


def set_at(person: Person) -> datetime:
    """When somebody's password became theirs."""
    return person.password_set_at or person.created_at


async def mark_compromised(person_id: UUID, now: datetime) -> None:
    """Notes that others may know somebody's password: they must change it when they next sign in.

    Joins the caller's decision. The first time stays.
    """
    unmarked = Person.filter(id=person_id, password_compromised_at__isnull=True)
    await unmarked.update(password_compromised_at=now)


async def notice(person: Person, password: str, now: datetime) -> None:
    """Looks whether a password that was just right is on a list by now, and marks it if so."""
    block_list, kept = policy().block_list, normal(password)

    def is_known() -> bool:
        is_listed = block_list is not None and block_list.holds(kept)
        return is_listed or kept.casefold() in guesses.commonest()

    if person.password_compromised_at is None and await at_work(is_known):
        await mark_compromised(person.id, now)
        person.password_compromised_at = now
