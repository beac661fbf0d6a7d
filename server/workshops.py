"""A workshop: the database and the keys, for a command that changes something and serves nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from domain import secrets
from models.database import connected
from realtime import bus
from server.keys import SecretKey, keyring


@asynccontextmanager
async def opened(url: str, keys: Sequence[SecretKey]) -> AsyncIterator[None]:
    """Decisions can be taken during the block; nobody is told of them, and statements are patient.

    For what no follower waits for: unlike a house it needs neither Redis nor a wire.
    """
    async with AsyncExitStack() as ending:
        await ending.enter_async_context(connected(url, pool_size=2, is_patient=True))
        ending.callback(secrets.install, None)
        secrets.install(keyring(keys))
        ending.callback(bus.install, None)
        bus.install(await ending.enter_async_context(bus.MemoryBus()))
        yield
