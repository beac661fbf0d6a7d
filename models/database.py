"""Tortoise's asyncpg client, armoured: cancellation never leaks a connection.

Stock Tortoise takes a pooled connection and then begins; a task cancelled between the two (a closed
socket, a timeout) loses the connection for ever. Here the connection goes back whatever happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.context import TortoiseContext

from models.config import tortoise_config

isolation_level: ContextVar[str | None] = ContextVar("isolation_level", default=None)
"""The isolation of the next outermost transaction of this task; None is READ COMMITTED."""


class _Wrapper(TransactionWrapper):
    async def begin(self) -> None:
        self.transaction = self._connection.transaction(isolation=isolation_level.get())
        await self.transaction.start()

    async def savepoint(self) -> None:
        self.transaction = self._connection.transaction()
        await self.transaction.start()


class _PooledTransaction(TransactionContextPooled):
    client: _Wrapper

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.client._connection = await self._pool().acquire()
        try:
            await _to_the_end(self.client.begin)
        except BaseException:
            await _to_the_end(self._undo)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        try:
            if not self.client._finalized:
                await _to_the_end(self.client.rollback if exc_type else self.client.commit)
        finally:
            get_connections().reset(self.token)
            await _to_the_end(self._give_back)

    async def _undo(self) -> None:
        try:
            if self.client._connection.is_in_transaction():
                await self.client.rollback()
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        await self._pool().release(self.client._connection)

    def _pool(self) -> asyncpg.Pool:
        return self.client._parent._pool


async def _to_the_end(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Finishes `work` however often this task is cancelled meanwhile; then it is cancelled."""
    task = asyncio.ensure_future(work())
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from task.exception()
    task.result()


async def _leave_as_it_is(connection: asyncpg.Connection) -> None:
    """Spares the round trip of RESET ALL: no code of ours sets anything on a session."""


class Client(AsyncpgDBClient):
    """The client uPay runs on; `domain.ledger` speaks to its pool directly."""

    @property
    def pool(self) -> asyncpg.Pool:
        return self._pool

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        return await asyncpg.create_pool(None, reset=_leave_as_it_is, **kwargs)

    def _in_transaction(self) -> TransactionContextPooled:
        return _PooledTransaction(_Wrapper(self), self._pool_init_lock)


client_class = Client


@asynccontextmanager
async def connected(
    url: str, *, pool_size: int = 10, everywhere: bool = False, is_patient: bool = False
) -> AsyncIterator[Client]:
    """The models work on the database at `url` during the block.

    With `everywhere` they do so in every task of the process, not only in those started inside:
    an ASGI server runs its requests beside its lifespan, not inside it. With `is_patient` a
    statement may take as long as it takes.
    """
    async with TortoiseContext() as context:
        config = tortoise_config(url, pool_size=pool_size, is_patient=is_patient)
        await context.init(config=config, _enable_global_fallback=everywhere)
        await client().create_connection(with_db=True)
        yield client()


def client() -> Client:
    """The pooled client of this process, also from inside a transaction."""
    connection = get_connections().get("default")
    return cast("Client", getattr(connection, "_parent", connection))
