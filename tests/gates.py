"""A gate on the way to a server: shut, nothing comes through and what was under way is cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class Gate:
    """Passes connections on to one address while it is open."""

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self._is_deaf = False
        self.swallowed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._wires: set[asyncio.StreamWriter] = set()
        self.port = 0

    def lead_to(self, url: str) -> None:
        """From the next connection on, the gate leads to another server."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)

    def swallow_answers(self) -> None:
        """From now on what the server says is lost; what it is told still reaches it."""
        self._is_deaf = True

    async def cut(self) -> None:
        """Ends every connection under way; new ones come through, and are heard again."""
        for wire in list(self._wires):
            wire.transport.abort()
        self._is_deaf = False

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.cut()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        self._wires |= {writer, there_writer}
        try:
            await asyncio.gather(_pour(reader, there_writer), self._answer(there_reader, writer))
        finally:
            self._wires -= {writer, there_writer}
            writer.close()
            there_writer.close()

    async def _answer(self, source: asyncio.StreamReader, drain: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await source.read(65_536):
                if self._is_deaf:
                    self.swallowed.set()
                    continue
                drain.write(chunk)
                await drain.drain()
        drain.close()


@asynccontextmanager
async def gate_to(url: str) -> AsyncIterator[tuple[Gate, str]]:
    """An open gate before the server of `url`, and the URL that leads through it."""
    parts = urlsplit(url)
    gate = Gate(url)
    await gate.open()
    who = parts.netloc.rpartition("@")[0]
    try:
        yield gate, urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{gate.port}"))
    finally:
        await gate.shut()


async def _pour(source: asyncio.StreamReader, drain: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(65_536):
            drain.write(chunk)
            await drain.drain()
    drain.close()
