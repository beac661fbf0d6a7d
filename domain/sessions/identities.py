"""Who an access token belongs to, and which sessions are open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain.gathering import Gathering
from domain.refusals import NotFound
from domain.sessions import tokens
from models.database import Client, client
from models.people import Role
from models.sessions import Audience, Limit, Session

DESK_IDLE: Final = timedelta(minutes=15)
"""After so long without a request whoever works at the desk signs in again (PCI DSS 8.2.8)."""
SEEN_EVERY: Final = {Audience.PUBLIC: timedelta(minutes=5), Audience.DESK: timedelta(minutes=1)}
"""How coarse it is when a session was used last."""
LISTED_AT_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking: a person, in one session of one API; `until` is when their token runs out.

    `device_id` is None in a session that is older than devices. With `limited_to` the session may
    do that one thing only. `seen_at` is when it was used last, as coarsely as that is written down;
    None means just now.
    """

    session_id: UUID
    person_id: UUID
    role: Role
    audience: Audience
    locale: str
    time_zone: str
    until: datetime
    device_id: UUID | None = None
    limited_to: Limit | None = None
    seen_at: datetime | None = None

    @property
    def guarded(self) -> UUID:
        """Whose guard counts what is guessed wrong within this session: its device's, or its own.

        Strangers who lock the account's must not stop who is in already.
        """
        return self.device_id or self.session_id

    def require_desk(self) -> None:
        """Returns for whoever works at the desk.

        Raises:
            NotFound: they do not, and are not told what there would be.
        """
        if not self.role.is_desk:
            raise NotFound


# Whose role changed sides has no session any more, though nobody ended it.
_LIVES: Final = """
    s.ended_at IS NULL AND s.expires_at > $2 AND p.closed_at IS NULL
    AND (p.role IN ('agent', 'supervisor', 'admin')) = (s.audience = 'desk')
    AND (s.audience <> 'desk' OR coalesce(s.last_seen_at, s.created_at) >= $2 - $3::interval)
"""
_LIVE: Final = (
    "SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id "  # noqa: S608 - constants
    f"WHERE s.id = ANY ($1) AND {_LIVES}"
)
_OPEN: Final = (
    "SELECT s.* FROM sessions s JOIN people p ON p.id = s.person_id "  # noqa: S608 - constants
    f"WHERE s.person_id = $1 AND {_LIVES} "
    "ORDER BY coalesce(s.last_seen_at, s.created_at) DESC, s.id DESC LIMIT $4"
)
_IDENTITY: Final = (
    "SELECT t.hash, s.id, s.person_id, s.audience, p.role, p.locale, p.time_zone, "  # noqa: S608
    "t.expires_at, s.device_id, s.limited_to, coalesce(s.last_seen_at, s.created_at) AS seen_at "
    "FROM session_tokens t "
    "JOIN sessions s ON s.id = t.session_id JOIN people p ON p.id = s.person_id "
    f"WHERE t.hash = ANY ($1) AND t.kind = 'access' AND t.expires_at > $2 AND {_LIVES}"
)


async def identity(access_token: str, now: datetime) -> Identity | None:
    """Who holds this access token; None when it opens nothing.

    One statement, together with whoever else asks at this moment.
    """
    return await _identities.ask((tokens.digest(access_token), now))


async def _identified(
    database: Client, asked: Sequence[tuple[str, datetime]]
) -> list[Identity | None]:
    hashes = [hash for hash, _ in asked]
    now = max(now for _, now in asked)
    rows = await database.pool.fetch(_IDENTITY, hashes, now, DESK_IDLE)
    found = {row["hash"]: _identity(row) for row in rows}
    return [found.get(hash) for hash in hashes]


def _identity(row: Mapping[str, Any]) -> Identity:
    limited_to = row["limited_to"]
    return Identity(
        session_id=row["id"],
        person_id=row["person_id"],
        role=Role(row["role"]),
        audience=Audience(row["audience"]),
        locale=row["locale"],
        time_zone=row["time_zone"],
        until=row["expires_at"],
        device_id=row["device_id"],
        limited_to=None if limited_to is None else Limit(limited_to),
        seen_at=row["seen_at"],
    )


_identities = Gathering(_identified, name=id)


async def live(session_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of the sessions that have not ended. One statement."""
    rows = await client().execute_query_dict(_LIVE, [list(session_ids), now, DESK_IDLE])
    return {row["id"] for row in rows}


async def is_live(session_id: UUID, now: datetime) -> bool:
    """As `live` says, read on the decision's own connection.

    A second one might never come: all others may be held by whoever waits for what this one locks.
    """
    connection = get_connection("default")
    return bool(await connection.execute_query_dict(_LIVE, [[session_id], now, DESK_IDLE]))


async def open_ones(person_id: UUID, now: datetime) -> list[Session]:
    """A person's sessions that have not ended, the last used first; the newest hundred."""
    rows = await client().execute_query_dict(_OPEN, [person_id, now, DESK_IDLE, LISTED_AT_MOST])
    return [Session._init_from_db(**row) for row in rows]


async def note_seen(identity: Identity, now: datetime) -> None:
    """Writes down that a session is used, unless it has been a moment ago."""
    grain = SEEN_EVERY[identity.audience]
    if identity.seen_at is None or now - identity.seen_at < grain:
        return
    await client().execute_query(
        "UPDATE sessions SET last_seen_at = $2 "
        "WHERE id = $1 AND coalesce(last_seen_at, created_at) <= $3",
        [identity.session_id, now, now - grain],
    )
