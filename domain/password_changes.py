"""Choosing another password, by whoever is signed in and knows the present one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain import fresh_proofs, guards, passwords, security_events, sessions
from domain.decisions import decision
from domain.fresh_proofs import Factor
from domain.refusals import Refusal
from domain.sessions import Identity
from models.people import Person
from models.security_events import EventKind


class CurrentPasswordWrong(Refusal):
    """What was said to be the present password is not."""

    def __init__(self) -> None:
        super().__init__("The current password is wrong.")


CHANGE_REFUSALS: Final = (
    CurrentPasswordWrong,
    guards.SignInLocked,
    passwords.PasswordTooWeak,
    passwords.PasswordUsedBefore,
)


async def change(*, by: Identity, current: str, new: str, address: str, now: datetime) -> Person:
    """Gives somebody another password and ends every session of theirs but the one they are in.

    That one may do everything from here on, if it could do nothing but this before. Guesses at the
    present password are counted as those at signing in, before anything is compared, but for the
    session alone: strangers who lock the account keep nobody from changing its password.

    Raises:
        CurrentPasswordWrong, SignInLocked, PasswordTooWeak, PasswordUsedBefore: see there.
    """
    person = await Person.get(id=by.person_id)
    await guards.take_try(by.guarded, now, person_id=person.id, address=address)
    if not await passwords.is_right(current, person.password_hash):
        raise CurrentPasswordWrong
    await guards.forget_tries(by.guarded)
    await passwords.check(new, await passwords.owner(person))
    await passwords.refuse_used(person, new)
    kept = await passwords.hashed(new)
    async with decision() as announce:
        locked = await Person.filter(id=person.id).select_for_update().get()
        if locked.password_hash != person.password_hash:
            # It became another while this one was looked at.
            raise CurrentPasswordWrong
        await passwords.replace(locked, kept, now)
        await sessions.end_all(
            locked.id, reason="password_changed", now=now, except_id=by.session_id
        )
        await sessions.lift_limit(by.session_id)
        await fresh_proofs.note(by.session_id, Factor.PASSWORD, now=now)
        await security_events.record(
            announce,
            EventKind.PASSWORD_CHANGED,
            person_id=locked.id,
            now=now,
            session_id=by.session_id,
            address=address,
        )
    return locked
