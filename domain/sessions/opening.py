"""Opening sessions: with a password, or for somebody who has proved otherwise who they are."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import devices, fresh_proofs, guards, passwords, people, second_factors
from domain.decisions import decision
from domain.fresh_proofs import Factor
from domain.sessions import tokens
from domain.sessions.refusals import SecondFactorRequired, SignInRefused
from domain.sessions.tokens import Tokens
from models.devices import Device
from models.ids import new_id
from models.people import Person
from models.sessions import Audience, Limit, Session

SESSION_LIVES: Final = timedelta(days=30)
CLIENT_MAX: Final = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open session; `device_token` is empty where nothing was said of a device."""

    person: Person
    session: Session
    tokens: Tokens
    device_token: str = field(default="", repr=False)


async def sign_in(
    *,
    name: str,
    password: str,
    audience: Audience,
    client: str,
    now: datetime,
    totp: str | None = None,
    device: devices.Shown | None = None,
) -> SignedIn:
    """Opens a session; unknown names are answered like wrong passwords, and cost the same.

    Every try is counted before anything is compared, and only a session that opens clears the
    count: a right password without its second factor is a try as well. The names of one person
    share one count; a device they signed in on before has its own. Unknown names are counted and
    locked like known ones, so that a lock does not tell who has an account. `client` is the network
    address. Somebody whose password is too old gets a session that can only change it.

    Raises:
        SignInRefused: see there.
        SignInLocked: ten tries were wrong, or five codes; the lock ends by itself.
        SignInThrottled: a hundred tries from this address were wrong.
        SecondFactorRequired: whoever has a second factor, and everybody at the desk, needs it.
    """
    shown = device or devices.Shown()
    person = await people.find(name)
    known = await devices.recognised(shown, person.id if person else None)
    subject_id = _subject(name, person, known)
    await _take_try(subject_id, person, known, client, now)
    is_right = await passwords.is_right(password, person.password_hash if person else None)
    if person is None or not is_right or not may_open(person, audience):
        raise _refused(person)
    factors = [Factor.PASSWORD]
    if person.role.is_desk or await second_factors.is_enrolled(person.id):
        factors.append(await _second_factor(person, known, totp, client, now))
    await guards.forget_tries(subject_id)
    if known is None:
        await guards.give_back(client)
    await _renew_hash(person, password)
    await passwords.notice(person, password, now)
    return await open_session(
        person,
        audience=audience,
        client=client,
        now=now,
        factors=factors,
        device=shown,
        limited_to=Limit.CHANGE_PASSWORD if await passwords.must_change(person, now) else None,
    )


async def open_session(
    person: Person,
    *,
    audience: Audience,
    client: str,
    now: datetime,
    factors: Collection[Factor] = (),
    device: devices.Shown | None = None,
    limited_to: Limit | None = None,
) -> SignedIn:
    """A session for somebody who has proved who they are, by `factors`.

    Joins the caller's decision. With `device` it belongs to that device: a new one gets a token,
    and its owner a letter.
    """
    session = Session(
        id=new_id(),
        person_id=person.id,
        audience=audience,
        limited_to=limited_to,
        client="".join(char for char in client if char.isprintable())[:CLIENT_MAX],
        created_at=now,
        expires_at=now + SESSION_LIVES,
    )
    opening, device_token = tokens.fresh(session, now), ""
    async with decision() as announce:
        if device is not None:
            found, device_token = await devices.arrive(
                announce,
                device,
                person_id=person.id,
                session_id=session.id,
                address=client,
                now=now,
            )
            session.device_id = found.id
        await session.save(force_create=True)
        await tokens.keep(opening, session.id)
        await fresh_proofs.note(session.id, *factors, now=now)
    return SignedIn(person, session, opening, device_token)


def _subject(name: str, person: Person | None, known: Device | None) -> UUID:
    """Whose guard counts the tries: strangers must not lock somebody out of their own device."""
    if person is None:
        return guards.stranger(people.spelled(name))
    return known.id if known else person.id


async def _take_try(
    subject_id: UUID, person: Person | None, known: Device | None, address: str, now: datetime
) -> None:
    """Counts a try where it belongs; one that is not looked at is counted nowhere."""
    person_id = person.id if person and known else None
    async with decision():
        if known is None:
            # Before the account's: an address that is refused must not lock accounts any more.
            await guards.take_try_from(address, now)
        await guards.take_try(subject_id, now, person_id=person_id, address=address)


def may_open(person: Person, audience: Audience) -> bool:
    """Whether somebody may have sessions of an API: not once closed, nor of the other one."""
    return person.closed_at is None and person.role.is_desk is (audience is Audience.DESK)


async def _second_factor(
    person: Person, known: Device | None, code: str | None, address: str, now: datetime
) -> Factor:
    """Which factor the code is of; guesses are counted apart from those at the password."""
    if not code:
        raise SecondFactorRequired
    guarded = known.id if known else person.id
    factor = await second_factors.guess(person.id, code, now, guarded=guarded, address=address)
    if factor is None:
        raise _refused(person)
    return factor


def _refused(person: Person | None) -> SignInRefused:
    """A refusal to raise; whose account it was stands in the log, and the name never does."""
    _log.info("a sign-in was refused", extra={"person": str(person.id) if person else None})
    return SignInRefused()


async def _renew_hash(person: Person, password: str) -> None:
    """Keeps the password as it would be kept today, unless it was changed meanwhile."""
    kept = person.password_hash
    if passwords.is_outdated(kept):
        person.password_hash = await passwords.hashed(password)
        await Person.filter(id=person.id, password_hash=kept).update(
            password_hash=person.password_hash
        )
