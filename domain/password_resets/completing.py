"""Choosing another password with what a letter brought, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import contacts, guards, links, passwords, secrets, security_events, sessions
from domain.decisions import decision
from domain.password_resets.refusals import ResetDead
from models.database import client
from models.links import Link, LinkKind
from models.passwords import PasswordReset
from models.people import CodePurpose, ContactCode, Person
from models.security_events import EventKind

MAX_WRONG_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class ByLink:
    """The token of a link in a letter."""

    token: str


@dataclass(frozen=True, slots=True)
class ByCode:
    """The six digits that were sent for a request."""

    reset_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """What was proved to be right; nothing of it is used up by looking at it."""

    reset: PasswordReset
    link: Link | None = None


async def complete(shown: ByLink | ByCode, password: str, *, address: str, now: datetime) -> Person:
    """Gives somebody another password, ends all their sessions, and opens the door's lock.

    It signs nobody in: that takes the password, and the second factor of whoever has one. The PIN
    stays what it is. A password that is refused leaves the link or the code as good as it was. Not
    for use inside a decision.

    Raises:
        ResetDead, PasswordTooWeak, PasswordUsedBefore: see there.
    """
    # First what is weak whoever's it is: that is said to anybody, and tells nothing.
    await passwords.check(password, passwords.Owner(has_second_factor=True))
    found = await _by_link(shown, now) if isinstance(shown, ByLink) else await _by_code(shown, now)
    person = await Person.get_or_none(id=found.reset.person_id)
    if person is None or person.closed_at is not None:
        raise ResetDead
    try:
        await passwords.check(password, await passwords.owner(person))
        await passwords.refuse_used(person, password)
    except (passwords.PasswordTooWeak, passwords.PasswordUsedBefore):
        await _give_back(found.reset)
        raise
    kept = await passwords.hashed(password)
    async with decision() as announce:
        locked = await Person.filter(id=person.id).select_for_update().get()
        await _use_up(found, now)
        await passwords.replace(locked, kept, now)
        await sessions.end_all(person.id, reason="password_reset", now=now)
        await security_events.record(
            announce,
            EventKind.PASSWORD_RESET,
            person_id=person.id,
            now=now,
            address=address,
            way=found.reset.way.value,
        )
    await guards.forget_tries(person.id)
    return locked


async def refuse_dead(link: Link) -> None:
    """Returns when the link of a letter, found alive, still gives somebody another password.

    Raises:
        ResetDead: another letter of theirs was used meanwhile, or they remembered.
    """
    if await PasswordReset.exists(id=link.subject_id, used_at__isnull=False):
        raise ResetDead


async def _by_link(shown: ByLink, now: datetime) -> _Shown:
    try:
        link = await links.find(shown.token, now)
    except links.LinkDead:
        raise ResetDead from None
    if link.kind is not LinkKind.RESET_PASSWORD:
        raise ResetDead
    await refuse_dead(link)
    return _Shown(await PasswordReset.get(id=link.subject_id), link)


# Counted for nobody's requests as well, and before anything is compared.
_TRY: Final = """
    UPDATE password_resets SET wrong_tries = wrong_tries + 1
    WHERE id = $1 AND way = 'code' AND used_at IS NULL AND expires_at > $2 AND wrong_tries < $3
    RETURNING *
"""


async def _by_code(shown: ByCode, now: datetime) -> _Shown:
    rows = await client().execute_query_dict(_TRY, [shown.reset_id, now, MAX_WRONG_TRIES])
    sent = await ContactCode.get_or_none(
        purpose=CodePurpose.RESET_PASSWORD, subject_id=shown.reset_id
    )
    if not rows or sent is None or not secrets.is_same(shown.code[:16], contacts.code_for(sent)):
        raise ResetDead
    return _Shown(PasswordReset._init_from_db(**rows[0]))


async def _give_back(reset: PasswordReset) -> None:
    """The code was right: it was no wrong try."""
    await client().execute_query(
        "UPDATE password_resets SET wrong_tries = wrong_tries - 1 "
        "WHERE id = $1 AND way = 'code' AND wrong_tries > 0",
        [reset.id],
    )


async def _use_up(shown: _Shown, now: datetime) -> None:
    """Uses up what was shown; of two who show it at once one is refused."""
    unused = PasswordReset.filter(id=shown.reset.id, used_at__isnull=True)
    if not await unused.update(used_at=now):
        raise ResetDead
    if shown.link is not None:
        await links.spend(shown.link, now)
