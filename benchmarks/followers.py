"""Sockets that follow wallets and do nothing else; thousands of them in a process of their own."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final, cast

import uvloop

from benchmarks import sockets

PATIENCE_SECONDS: Final = 300.0
_OPENING_AT_ONCE: Final = 50
_MASK: Final = b"\0\0\0\0"  # Any four bytes are a mask, and these leave the words as they are.
_TEXT, _PING, _PONG, _CLOSE = 0x1, 0x9, 0xA, 0x8
_UPGRADE: Final = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


@dataclass(frozen=True)
class Wish:
    """Whose wallet is followed. `after` is the last event but one.

    So the last event comes again at once, and shows that the wallet is followed.
    """

    document: str
    wallet_id: str
    after: int
    token: str = field(repr=False)


@dataclass(frozen=True)
class _Open:
    port: int
    wishes: Sequence[Wish]


@dataclass(frozen=True)
class _Hear:
    events: int


class Followers:
    """The other process, asked over a pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def open(self, port: int, wishes: Sequence[Wish]) -> None:
        """Returns when every one of them has had its first event."""
        await self._asked(_Open(port, wishes))

    def listen(self, events: int) -> None:
        """From now on so many events are waited for."""
        self._pipe.send(_Hear(events))

    async def heard(self) -> Sequence[float]:
        """When each of them came, by `time.perf_counter`."""
        return cast("Sequence[float]", await self._answer())

    async def _asked(self, question: object) -> object:
        self._pipe.send(question)
        return await self._answer()

    async def _answer(self) -> object:
        answer = await asyncio.to_thread(self._pipe.recv)
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextmanager
def followers() -> Iterator[Followers]:
    """They go away at the end of the block."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_live, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Followers(ours)
    finally:
        process.terminate()
        process.join()


def _live(pipe: Connection) -> None:
    sockets.raise_limit()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_obey(pipe))


async def _obey(pipe: Connection) -> None:
    ear = _Ear()
    while True:
        question = await asyncio.to_thread(pipe.recv)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if isinstance(question, _Open):
                    await _opened(question, ear)
                    pipe.send(None)
                else:
                    pipe.send(await ear.hears(question.events))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked
            pipe.send(error)


class _Ear:
    """When events came, for all sockets together."""

    def __init__(self) -> None:
        self._at: list[float] = []
        self._wanted = 0
        self._is_enough: asyncio.Future[None] | None = None

    async def hears(self, count: int) -> Sequence[float]:
        self._wanted = count
        if len(self._at) < count:
            self._is_enough = asyncio.get_running_loop().create_future()
            await self._is_enough
        heard, self._at = self._at, []
        return heard

    def hear(self) -> None:
        self._at.append(time.perf_counter())
        if self._is_enough is not None and len(self._at) >= self._wanted:
            self._is_enough.set_result(None)
            self._is_enough = None


async def _opened(asked: _Open, ear: _Ear) -> None:
    room, loop = asyncio.Semaphore(_OPENING_AT_ONCE), asyncio.get_running_loop()

    async def opened(wish: Wish) -> None:
        async with room:
            made = loop.create_connection(lambda: _Follower(wish, ear), "127.0.0.1", asked.port)
            _, follower = await made
            await follower.is_open

    await asyncio.gather(*(opened(wish) for wish in asked.wishes))


class _Follower(asyncio.Protocol):
    """One socket with one subscription, as little of the protocol as the server can tell."""

    def __init__(self, wish: Wish, ear: _Ear) -> None:
        self._wish = wish
        self._ear = ear
        self._read = b""
        self._is_upgraded = False
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(_UPGRADE)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(ConnectionError(f"The socket was closed: {self._read!r}"))

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self._is_upgraded:
            head, found, rest = self._read.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._transport.close()
                return
            self._is_upgraded, self._read = True, rest
            self._tell({"type": "connection_init", "payload": _signed_in(self._wish)})
        while (frame := _frame(self._read)) is not None:
            kind, words, size = frame
            self._read = self._read[size:]
            self._hear(kind, words)

    def _hear(self, kind: int, words: bytes) -> None:
        if kind == _PING:
            self._transport.write(_framed(_PONG, words))
        elif kind == _CLOSE:
            self._read = words
            self._transport.close()
        elif b'"MovementChanged"' in words:
            if self.is_open.done():
                self._ear.hear()
            else:
                self.is_open.set_result(None)
        elif b"connection_ack" in words:
            wish = self._wish
            given = {"wallet": wish.wallet_id, "after": wish.after}
            payload = {"query": wish.document, "variables": given}
            self._tell({"id": "1", "type": "subscribe", "payload": payload})
        elif b'"ping"' in words:
            self._tell({"type": "pong"})
        elif b"errors" in words or b'"error"' in words:
            self._read = words
            self._transport.close()

    def _tell(self, message: object) -> None:
        self._transport.write(_framed(_TEXT, json.dumps(message).encode()))


def _signed_in(wish: Wish) -> dict[str, str]:
    return {"authorization": f"Bearer {wish.token}"}


def _framed(kind: int, words: bytes) -> bytes:
    size = len(words)
    if size < 126:
        return bytes((0x80 | kind, 0x80 | size)) + _MASK + words
    return bytes((0x80 | kind, 0x80 | 126)) + size.to_bytes(2) + _MASK + words


def _frame(read: bytes) -> tuple[int, bytes, int] | None:
    """The first frame, as its kind, its words and its length; None while it is not all there."""
    if len(read) < 2:
        return None
    start, size = 2, read[1] & 0x7F
    if size == 126:
        start, size = 4, int.from_bytes(read[2:4])
    if len(read) < start + size:
        return None
    return read[0] & 0x0F, read[start : start + size], start + size
