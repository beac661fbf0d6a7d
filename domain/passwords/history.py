"""What somebody's passwords were before: the newest four are not to be chosen again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.passwords.hashing import is_right
from domain.refusals import Refusal
from models.ids import new_id
from models.passwords import PasswordHash, PasswordReset
from models.people import Person

NOT_AGAIN: Final = 4
KEPT: Final = NOT_AGAIN - 1
"""How many are kept besides the present one."""


class PasswordUsedBefore(Refusal):
    """It is the present password, or one of the three before it."""

    def __init__(self) -> None:
        super().__init__("This password was used before.")


async def refuse_used(person: Person, password: str) -> None:
    """Compares a password with those of before; each comparison costs as much as a sign-in.

    Raises:
        PasswordUsedBefore: it is the same as one of them.
    """
    before = await PasswordHash.filter(person_id=person.id).order_by("-replaced_at", "-id")
    for kept in (person.password_hash, *(each.hash for each in before)):
        if await is_right(password, kept):
            raise PasswordUsedBefore


async def replace(person: Person, kept: str, now: datetime) -> None:
    """Gives a person another password, as `hashed` made it, and remembers the one they had.

    What was asked for because that one was forgotten is void. For the decision of the caller, who
    holds the person's row.
    """
    await PasswordHash.create(
        id=new_id(), person_id=person.id, hash=person.password_hash, replaced_at=now
    )
    newest = PasswordHash.filter(person_id=person.id).order_by("-replaced_at", "-id")
    for forgotten in await newest.offset(KEPT):
        await forgotten.delete()
    await PasswordReset.filter(person_id=person.id, used_at__isnull=True).update(used_at=now)
    person.password_hash = kept
    person.password_set_at = now
    person.password_compromised_at = None
    await person.save(update_fields=["password_hash", "password_set_at", "password_compromised_at"])
