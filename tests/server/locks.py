"""A row of PostgreSQL held by the test, so that whoever needs it waits for as long as it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 30.0

# Not pg_stat_activity, of which a transaction sees the same all the time.
_WAITING = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks "
    "WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
)


class Held:
    """An account nobody else can post to."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def is_waited_for(self) -> None:
        """Returns when somebody waits."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self._connection.fetchval(_WAITING):  # noqa: ASYNC110
                await asyncio.sleep(POLL_SECONDS)

    async def release(self) -> None:
        await self._connection.execute("ROLLBACK")


@asynccontextmanager
async def held(url: str, account_id: UUID) -> AsyncIterator[Held]:
    """The account's row is locked during the block, or until it is released."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("BEGIN")
        await connection.execute("SELECT FROM accounts WHERE id = $1 FOR UPDATE", account_id)
        yield Held(connection)
    finally:
        await connection.close()
