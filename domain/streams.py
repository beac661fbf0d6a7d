"""Following a stream: replay from the database, then live, without a gap and without a repeat.

The bus only says "look again"; whatever is delivered was read from the database in order. A beat
every few seconds tells each follower the head, so that a dead bus delays and never loses.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from tortoise.connection import get_connection

from domain import sessions
from domain.gathering import Gathering
from domain.merchants import api_keys
from domain.refusals import Refusal
from models.database import Client
from models.streams import StreamEvent
from realtime import bus

BEAT_SECONDS: Final = 15
PAGE: Final = 100


class SessionOver(Refusal):
    """The session that follows has ended, or the key is revoked: so it hears no more."""

    def __init__(self) -> None:
        super().__init__("This session has ended.")


@dataclass(frozen=True, slots=True)
class Reset:
    """The past cannot be replayed: read the present state anew; `head` is the last event."""

    head: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """All is well; `head` is the last event there is, and everything up to it was delivered."""

    head: int


Told: TypeAlias = StreamEvent | Reset | Heartbeat


class _Follower:
    """One subscription, as the beat sees it; `beat` is the head the last beat found, once."""

    __slots__ = ("beat", "ear", "is_over", "pass_id", "stream_id")

    def __init__(self, stream_id: UUID, pass_id: UUID, ear: bus.Ear) -> None:
        self.stream_id = stream_id
        self.pass_id = pass_id
        self.ear = ear
        self.beat: int | None = None
        self.is_over = False


_followers: set[_Follower] = set()


async def follow(
    stream_id: UUID,
    *,
    session_id: UUID | None = None,
    api_key_id: UUID | None = None,
    after: int | None,
    clock: Callable[[], datetime],
) -> AsyncGenerator[Told, None]:
    """Yields the events of a stream after `after` (None: from now on), each once and in order.

    It is followed by a session, or by a program with a merchant's key. Whether those may see this
    stream is the caller's to know; that they still live is looked up with every read.

    Raises:
        SessionOver: the session ended or expired meanwhile, or the key was revoked.
    """
    pass_id = session_id or api_key_id
    assert pass_id is not None, "somebody follows"
    ending = f"session:{pass_id}" if session_id else f"api_key:{pass_id}"
    async with bus.listen(f"stream:{stream_id}", ending) as ear:
        follower = _Follower(stream_id, pass_id, ear)
        _followers.add(follower)
        try:
            oldest, head = await _bounds(stream_id)
            cursor = head if after is None else after
            if not oldest - 1 <= cursor <= head:
                yield Reset(head)
                cursor = head
            has_news = True
            while True:
                while has_news:
                    if not await _live.ask((pass_id, clock())):
                        raise SessionOver
                    events = await _events.ask((stream_id, cursor))
                    for event in events:
                        if event.seq > cursor + 1:
                            # What lies between is past its day, and was taken away just now.
                            _, cursor = await _bounds(stream_id)
                            yield Reset(cursor)
                            break
                        yield event
                        cursor = event.seq
                    has_news = len(events) == PAGE
                beat, follower.beat = follower.beat, None
                if beat is not None:
                    yield Heartbeat(cursor)
                has_news = await ear.heard() or (follower.beat or 0) > cursor
                if follower.is_over:
                    raise SessionOver
        finally:
            _followers.discard(follower)


async def beat(now: datetime) -> None:
    """Tells every follower of this process the head of its stream and whether its session lives.

    Three statements, however many follow; only who has missed something reads more. Called every
    `BEAT_SECONDS`.
    """
    followers = list(_followers)
    if not followers:
        return
    live = await _living([follower.pass_id for follower in followers], now)
    heads = await _heads({follower.stream_id for follower in followers})
    for follower in followers:
        follower.is_over = follower.pass_id not in live
        follower.beat = heads.get(follower.stream_id, 0)
        follower.ear.wake()


async def _living(pass_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Which sessions live and which keys open something; no id is of both."""
    live = set(await sessions.live(pass_ids, now))
    rest = [id for id in pass_ids if id not in live]
    return live | await api_keys.live(rest)


async def _heads(stream_ids: set[UUID]) -> dict[UUID, int]:
    rows = await get_connection("default").execute_query_dict(
        "SELECT id, (SELECT max(seq) FROM stream_events WHERE stream_id = id) AS head "
        "FROM unnest($1::uuid[]) id",
        [list(stream_ids)],
    )
    return {row["id"]: row["head"] or 0 for row in rows}


async def _bounds(stream_id: UUID) -> tuple[int, int]:
    """The first and the last number kept of a stream; (1, 0) when it has no events."""
    [row] = await get_connection("default").execute_query_dict(
        "SELECT coalesce(min(seq), 1) AS oldest, coalesce(max(seq), 0) AS head "
        "FROM stream_events WHERE stream_id = $1",
        [stream_id],
    )
    return row["oldest"], row["head"]


async def _read_live(_: Client, asked: Sequence[tuple[UUID, datetime]]) -> list[bool]:
    live = await _living([id for id, _ in asked], max(now for _, now in asked))
    return [id in live for id, _ in asked]


async def _read_events(
    database: Client, asked: Sequence[tuple[UUID, int]]
) -> list[list[StreamEvent]]:
    """What came after a number, of each stream; who stands at the same place shares the answer."""
    places = list(dict.fromkeys(asked))
    streams, after = zip(*places, strict=True)
    found: dict[int, list[StreamEvent]] = {place: [] for place in range(len(places))}
    for place, row in await database.pool.fetch(_AFTER, streams, after, PAGE):
        found[place - 1].append(StreamEvent._init_from_db(**row))
    by_place = dict(zip(places, found.values(), strict=True))
    return [by_place[place] for place in asked]


_AFTER: Final = """
    SELECT a.place, e
    FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY a (stream_id, after, place)
    CROSS JOIN LATERAL (
        SELECT e FROM stream_events e WHERE e.stream_id = a.stream_id AND e.seq > a.after
        ORDER BY e.seq LIMIT $3
    ) e ORDER BY a.place, (e.e).seq
"""

# Followers are woken together, and look together.
_live = Gathering(_read_live, name=id)
_events = Gathering(_read_events, name=id)
