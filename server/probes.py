"""Short looks at the database, which cost neither long waiting nor a connection for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

LIMIT_SECONDS: Final = 2.0
"""For each of getting a connection, an answer on it, and giving it back."""


@asynccontextmanager
async def connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection for a look; give each statement `timeout=LIMIT_SECONDS`."""
    async with asyncio.timeout(LIMIT_SECONDS):
        taken = await pool.acquire()
    try:
        yield taken
    finally:
        # One whose server is silent would be waited for; it is thrown away instead.
        await pool.release(taken, timeout=LIMIT_SECONDS)
