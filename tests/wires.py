"""The far end of a wire, in the test's own process: it hears requests and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

PATIENCE_SECONDS = 10.0

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True)
class Heard:
    """One request: its first line, its headers with names in lower case, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


Answering: TypeAlias = Callable[[Heard, asyncio.StreamWriter], None]


def saying(answer: bytes) -> Answering:
    """Answers these bytes to whatever is asked, and hangs up."""

    def answering(_: Heard, wire: asyncio.StreamWriter) -> None:
        wire.write(answer)

    return answering


def json_answer(text: str, *, status: str = "200 OK") -> bytes:
    body = text.encode()
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


@dataclass
class FarEnd:
    """What was heard so far, and where to speak to."""

    url: str = ""
    requests: list[Heard] = field(default_factory=list)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def heard(self, text: str, *, times: int = 1) -> list[Heard]:
        """The requests whose body holds `text`, once there are so many of them."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._came:
            await self._came.wait_for(lambda: len(self._with(text)) >= times)
        return self._with(text)

    async def note(self, request: Heard) -> None:
        async with self._came:
            self.requests.append(request)
            self._came.notify_all()

    def _with(self, text: str) -> list[Heard]:
        return [each for each in self.requests if text.encode() in each.body]


@asynccontextmanager
async def far_end(answering: Answering | None = None) -> AsyncIterator[FarEnd]:
    """Somebody listens on this machine during the block; without `answering` they just nod."""
    end = FarEnd()

    async def meet(reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            (answering or saying(NO_CONTENT))(request, wire)
            await wire.drain()
            await end.note(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            wire.close()
            with suppress(ConnectionError):
                await wire.wait_closed()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    end.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield end


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(line, headers, body)
