"""A load balancer of the smallest kind: each connection goes to the next server that takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

CHUNK_BYTES: Final = 65_536


class Proxy:
    """Passes bytes on, both ways, and what happens to a connection: its end, and its breaking."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._taken = 0
        self._carrying: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it listens, as `127.0.0.1:port`."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def break_off(self) -> None:
        """Breaks every connection it carries; whoever comes back is carried again."""
        for task in self._carrying:
            task.cancel()

    async def _carry(self, caller: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        try:
            server, requests = await self._taken_by()
            try:
                await asyncio.gather(_pump(caller, requests), _pump(server, answers))
            finally:
                requests.transport.abort()
        except OSError:
            pass  # Nobody takes it, or it broke: the caller's breaks too.
        finally:
            answers.transport.abort()
            self._carrying.discard(task)

    async def _taken_by(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The next server in turn, or the one after it where that one refuses."""
        self._taken += 1
        first = self._taken % len(self._ports)
        for port in (*self._ports[first:], *self._ports[:first]):
            with suppress(ConnectionRefusedError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise ConnectionRefusedError


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(CHUNK_BYTES):
        target.write(chunk)
        await target.drain()
    if target.can_write_eof():
        target.write_eof()
