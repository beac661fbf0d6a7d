"""Clients that ask, wait for the answer, and ask again; run in a process of its own.

No browser's client is measured here, so this one is as cheap as it can be: requests are bytes
made before, and an answer is parsed by the parser that uvicorn uses. Every answer is looked at.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final, cast

import httptools
import uvloop

GIVE_UP_SECONDS: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is asked, of whom, by how many at once, for how long.

    Every answer is a 200 with `sign` in it `times` times, white space left out of account.
    """

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float
    sign: bytes
    times: int = 1
    is_repeated: bool = False


@dataclass(frozen=True)
class Answers:
    """What came back: `seconds` is until the last answer, latencies are in milliseconds."""

    seconds: float
    cpu_seconds: float
    latencies_ms: Sequence[float] = field(repr=False)


class WrongAnswer(Exception):
    """An answer was not what was asked for, so that nothing was measured."""


def run(load: Load) -> Answers:
    """Asks until the time is over or the requests are used up.

    Raises:
        WrongAnswer: with its first bytes.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_asked(load))


async def _asked(load: Load) -> Answers:
    crowd = _Crowd(load)
    loop, cpu_before = asyncio.get_running_loop(), time.process_time()
    started = crowd.last_at = time.perf_counter()
    crowd.deadline = started + load.seconds
    callers = [
        (await loop.create_connection(lambda: _Caller(crowd), "127.0.0.1", load.port))[1]
        for _ in range(load.connections)
    ]
    async with asyncio.timeout(load.seconds + GIVE_UP_SECONDS):
        await asyncio.gather(*(caller.done for caller in callers))
    return Answers(crowd.last_at - started, time.process_time() - cpu_before, crowd.latencies_ms)


class _Crowd:
    """What the callers share."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.requests: Iterator[bytes] = (
            cycle(load.requests) if load.is_repeated else iter(load.requests)
        )
        self.deadline = 0.0
        self.last_at = 0.0
        self.latencies_ms: list[float] = []


class _Caller(asyncio.Protocol):
    """One connection that is kept."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self._asked_at = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or WrongAnswer("The connection was closed."))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        crowd, load = self._crowd, self._crowd.load
        crowd.last_at = time.perf_counter()
        body, self._body = self._body, b""
        status = self._parser.get_status_code()
        if status != 200 or body.translate(None, b" \n").count(load.sign) != load.times:
            self._end(WrongAnswer(f"{status}: {body[:600].decode(errors='replace')}"))
            return
        crowd.latencies_ms.append((crowd.last_at - self._asked_at) * 1_000)
        if crowd.last_at < crowd.deadline:
            self._ask()
        else:
            self._end()

    def _ask(self) -> None:
        request = next(self._crowd.requests, None)
        if request is None:
            self._end()
        else:
            self._asked_at = time.perf_counter()
            self._transport.write(request)

    def _end(self, error: WrongAnswer | None = None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
        self._transport.close()
