"""Sessions: opened with a password, kept with tokens that are random and stored only as digests."""

from __future__ import annotations

import base64
import hashlib
import secrets as random_source
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.connection import get_connections

from domain import guards, passwords, people, second_factors, secrets
from domain.decisions import decision
from domain.gathering import Gathering
from domain.refusals import Refusal
from models.database import Client
from models.database import client as database
from models.ids import new_id
from models.people import Person, Role, Totp
from models.sessions import Audience, Session, SessionToken, TokenKind

ACCESS_LIVES: Final = timedelta(minutes=15)
SESSION_LIVES: Final = timedelta(days=30)
GRACE: Final = timedelta(seconds=10)
"""How long a refresh may be repeated because its answer was lost."""

CLIENT_MAX: Final = 200
_PREFIXES: Final = {TokenKind.ACCESS: "upa_", TokenKind.REFRESH: "upr_"}


class SignInRefused(Refusal):
    """Name, password or code is wrong, or the person belongs to the other API; all look alike."""

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class SecondFactorRequired(Refusal):
    """The password was right; the code of the authenticator app is missing."""

    def __init__(self) -> None:
        super().__init__("A code from the authenticator app is needed as well.")


class SessionEnded(Refusal):
    """The refresh token opens nothing: unknown, too old, or used before."""

    def __init__(self) -> None:
        super().__init__("This session has ended.")


SIGN_IN_REFUSALS: Final = (SignInRefused, guards.SignInLocked, SecondFactorRequired)
REFRESH_REFUSALS: Final = (SessionEnded,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking: a person, in one session of one API; `until` is when their token runs out."""

    session_id: UUID
    person_id: UUID
    role: Role
    audience: Audience
    locale: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What opens a session from outside; never stored, never logged."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_expires_at: datetime
    session_expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    person: Person
    session: Session
    tokens: Tokens


async def sign_in(
    *,
    name: str,
    password: str,
    audience: Audience,
    client: str,
    now: datetime,
    totp: str | None = None,
) -> SignedIn:
    """Opens a session; unknown names are answered like wrong passwords, and cost the same.

    Every try is counted before anything is compared, and only a session that opens clears the
    count: a right password without its second factor is a try as well. The names of one person
    share one count. Unknown names are counted and locked like known ones, so that a lock does not
    tell who has an account.

    Raises:
        SignInRefused: see there.
        SignInLocked: ten tries were wrong; the lock ends by itself.
        SecondFactorRequired: whoever has a second factor, and everybody at the desk, needs it.
    """
    person = await people.find(name)
    subject_id = guards.stranger(people.spelled(name)) if person is None else person.id
    await guards.take_try(subject_id, now)
    is_right = await passwords.is_right(password, person.password_hash if person else None)
    if person is None or not is_right or not _may_open(person, audience):
        raise SignInRefused
    if person.role.is_desk or await Totp.exists(person_id=person.id):
        await _check_second_factor(person.id, totp, now)
    await guards.forget_tries(subject_id)
    await _renew_hash(person, password)
    return await open_session(person, audience=audience, client=client, now=now)


async def open_session(
    person: Person, *, audience: Audience, client: str, now: datetime
) -> SignedIn:
    """A session for somebody who has proved who they are."""
    session = Session(
        id=new_id(),
        person_id=person.id,
        audience=audience,
        client="".join(char for char in client if char.isprintable())[:CLIENT_MAX],
        created_at=now,
        expires_at=now + SESSION_LIVES,
    )
    tokens = Tokens(
        access=_PREFIXES[TokenKind.ACCESS] + random_source.token_urlsafe(32),
        refresh=_PREFIXES[TokenKind.REFRESH] + random_source.token_urlsafe(32),
        access_expires_at=now + ACCESS_LIVES,
        session_expires_at=session.expires_at,
    )
    async with decision():
        await session.save(force_create=True)
        await _keep(tokens, session.id)
    return SignedIn(person, session, tokens)


async def refresh(refresh_token: str, audience: Audience, now: datetime) -> Tokens:
    """New tokens for the one shown, which is spent by this.

    The new ones are derived from it with the server's key, so that a refresh whose answer was lost
    can be repeated for ten seconds and gives the same ones. Shown again later, somebody else has
    it: the whole session ends.

    Raises:
        SessionEnded: it opens nothing any more.
    """
    async with decision() as announce:
        spent = (
            await SessionToken.filter(hash=_digest(refresh_token), kind=TokenKind.REFRESH)
            .select_for_update()
            .get_or_none()
        )
        if spent is None:
            raise SessionEnded
        session = await Session.get(id=spent.session_id)
        if session.audience is not audience or not await _is_live(session.id, now):
            raise SessionEnded
        if spent.spent_at is None:
            tokens = _successors(refresh_token, session, now, secrets.current_key_id())
            await SessionToken.filter(hash=spent.hash).update(spent_at=now)
            await _keep(tokens, session.id)
            return tokens
        if spent.spent_at + GRACE >= now:
            return await _first_successors(refresh_token, session, spent.spent_at)
        await _end(session.id, "token_reused", now)
        announce(f"session:{session.id}")
    raise SessionEnded


async def sign_out(session_id: UUID, now: datetime) -> None:
    """Ends a session: its tokens open nothing from now on, and its sockets close."""
    async with decision() as announce:
        await _end(session_id, "signed_out", now)
        announce(f"session:{session_id}")


async def end_all(
    person_id: UUID, *, reason: str, now: datetime, except_id: UUID | None = None
) -> None:
    """Ends every session of a person, but for the one they are using."""
    async with decision() as announce:
        open_ones = Session.filter(person_id=person_id, ended_at__isnull=True)
        for session in await open_ones.order_by("id"):
            if session.id != except_id:
                await _end(session.id, reason, now)
                announce(f"session:{session.id}")


# Whose role changed sides has no session any more, though nobody ended it.
_LIVES: Final = """
    s.ended_at IS NULL AND s.expires_at > $2 AND p.closed_at IS NULL
    AND (p.role IN ('agent', 'supervisor', 'admin')) = (s.audience = 'desk')
"""
_LIVE: Final = (
    "SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id "  # noqa: S608 - constants
    f"WHERE s.id = ANY ($1) AND {_LIVES}"
)
_IDENTITY: Final = (
    "SELECT t.hash, s.id, s.person_id, s.audience, p.role, p.locale, t.expires_at "  # noqa: S608
    "FROM session_tokens t "
    "JOIN sessions s ON s.id = t.session_id JOIN people p ON p.id = s.person_id "
    f"WHERE t.hash = ANY ($1) AND t.kind = 'access' AND t.expires_at > $2 AND {_LIVES}"
)


async def identity(access_token: str, now: datetime) -> Identity | None:
    """Who holds this access token; None when it opens nothing.

    One statement, together with whoever else asks at this moment.
    """
    return await _identities.ask((_digest(access_token), now))


async def _identified(
    database: Client, asked: Sequence[tuple[str, datetime]]
) -> list[Identity | None]:
    hashes = [hash for hash, _ in asked]
    rows = await database.pool.fetch(_IDENTITY, hashes, max(now for _, now in asked))
    found = {
        hash: Identity(
            session_id=id,
            person_id=person_id,
            role=Role(role),
            audience=Audience(audience),
            locale=locale,
            until=until,
        )
        for hash, id, person_id, audience, role, locale, until in rows
    }
    return [found.get(hash) for hash in hashes]


_identities = Gathering(_identified, name=id)


async def live(session_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of the sessions that have not ended. One statement."""
    rows = await database().execute_query_dict(_LIVE, [list(session_ids), now])
    return {row["id"] for row in rows}


async def _is_live(session_id: UUID, now: datetime) -> bool:
    """As `live` says, read on the decision's own connection.

    A second one might never come: all others may be held by whoever waits for what this one locks.
    """
    rows = await get_connections().get("default").execute_query_dict(_LIVE, [[session_id], now])
    return bool(rows)


def _may_open(person: Person, audience: Audience) -> bool:
    return person.closed_at is None and person.role.is_desk is (audience is Audience.DESK)


async def _renew_hash(person: Person, password: str) -> None:
    """Keeps the password as it would be kept today, unless it was changed meanwhile."""
    kept = person.password_hash
    if passwords.is_outdated(kept):
        person.password_hash = await passwords.hashed(password)
        await Person.filter(id=person.id, password_hash=kept).update(
            password_hash=person.password_hash
        )


async def _check_second_factor(person_id: UUID, totp: str | None, now: datetime) -> None:
    if not totp:
        raise SecondFactorRequired
    if not await second_factors.accept(person_id, totp, now):
        raise SignInRefused


async def _first_successors(refresh_token: str, session: Session, began: datetime) -> Tokens:
    """What the first answer gave, although the current key may be another by now."""
    for key_id in secrets.key_ids():
        tokens = _successors(refresh_token, session, began, key_id)
        if await SessionToken.exists(hash=_digest(tokens.refresh)):
            return tokens
    raise SessionEnded


def _successors(refresh_token: str, session: Session, now: datetime, key_id: str) -> Tokens:
    return Tokens(
        access=_successor(refresh_token, TokenKind.ACCESS, key_id),
        refresh=_successor(refresh_token, TokenKind.REFRESH, key_id),
        access_expires_at=min(now + ACCESS_LIVES, session.expires_at),
        session_expires_at=session.expires_at,
    )


def _successor(refresh_token: str, kind: TokenKind, key_id: str) -> str:
    made = secrets.mac(f"{kind}-token", secrets.as_bytes(refresh_token), key_id=key_id)
    return _PREFIXES[kind] + base64.urlsafe_b64encode(made).rstrip(b"=").decode()


async def _keep(tokens: Tokens, session_id: UUID) -> None:
    await SessionToken.bulk_create(
        [
            SessionToken(
                hash=_digest(tokens.access),
                session_id=session_id,
                kind=TokenKind.ACCESS,
                expires_at=tokens.access_expires_at,
            ),
            SessionToken(
                hash=_digest(tokens.refresh),
                session_id=session_id,
                kind=TokenKind.REFRESH,
                expires_at=tokens.session_expires_at,
            ),
        ]
    )


async def _end(session_id: UUID, reason: str, now: datetime) -> None:
    await Session.filter(id=session_id, ended_at__isnull=True).update(
        ended_at=now, end_reason=reason
    )


def _digest(token: str) -> str:
    return hashlib.sha256(secrets.as_bytes(token[:256])).hexdigest()
