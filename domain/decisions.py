"""One decision per verb: everything it writes, or nothing, and listeners told only after commit."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TypeVar

import asyncpg
from tortoise.transactions import in_transaction

from models.database import isolation_level
from realtime import bus

T = TypeVar("T")
Announce = Callable[[str], None]

_SERIALIZATION_FAILURE, _DEADLOCK = "40001", "40P01"
_TRIES = 5

_announced: ContextVar[list[str] | None] = ContextVar("announced", default=None)


@asynccontextmanager
async def decision(*, isolation: str | None = None) -> AsyncIterator[Announce]:
    """A transaction; yields `announce(topic)`, which is heard once the outermost one has committed.

    An inner decision joins the outer one as a savepoint: what it announced disappears with it when
    it fails. Never start a task inside, never speak to a network inside.
    """
    outer = _announced.get()
    mine: list[str] = []
    inner = _announced.set(mine)
    level = isolation_level.set(isolation) if outer is None else None
    is_decided = False
    try:
        async with in_transaction("default"):
            yield mine.append
            is_decided = True
    except asyncio.CancelledError:
        # Cancelled while it committed, which it did: a hint too many harms nobody.
        if is_decided and outer is None:
            bus.tell(*mine)
        raise
    finally:
        _announced.reset(inner)
        if level is not None:
            isolation_level.reset(level)
    if outer is None:
        bus.tell(*mine)
    else:
        outer.extend(mine)


async def retrying(verb: Callable[[], Awaitable[T]]) -> T:
    """Runs a whole verb again when PostgreSQL chose it to break a deadlock or a conflict.

    For verbs that open their own decision; inside another decision it would repeat half of it.
    """
    for attempt in range(_TRIES):
        try:
            return await verb()
        except asyncpg.PostgresError as error:
            last = attempt == _TRIES - 1
            if last or error.sqlstate not in {_SERIALIZATION_FAILURE, _DEADLOCK}:
                raise
        await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - only to spread retries
    raise AssertionError("unreachable")
