"""Answers without an end, when uPay is asked to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.endings import Endings


async def test_an_event_stream_ends_properly_when_upay_stops() -> None:
    caller, stopping = _Caller(), asyncio.Event()
    answering = asyncio.create_task(caller.ask(Endings(_events, stopping)))
    await caller.heard_something.wait()

    stopping.set()
    await answering

    assert caller.bodies[0] == (b"data: 1\n\n", True)
    assert caller.bodies[-1] == (b"", False)


async def test_an_event_stream_goes_on_while_upay_runs_and_ends_when_its_caller_goes() -> None:
    caller = _Caller()
    answering = asyncio.create_task(caller.ask(Endings(_events, asyncio.Event())))
    await caller.heard_something.wait()

    caller.hang_up.set()
    await answering

    assert caller.bodies == [(b"data: 1\n\n", True)]


async def test_any_other_answer_is_given_whole_while_upay_stops() -> None:
    caller, stopping = _Caller(), asyncio.Event()
    stopping.set()

    await caller.ask(Endings(_words, stopping))

    assert caller.bodies == [(b"all of it", False)]


async def test_whoever_asks_once_upay_leaves_is_asked_for_another_connection() -> None:
    before, after, leaving = _Caller(), _Caller(), asyncio.Event()
    endings = Endings(_words, asyncio.Event(), leaving=leaving)

    await before.ask(endings)
    leaving.set()
    await after.ask(endings)

    assert b"connection" not in dict(before.headers)
    assert dict(after.headers)[b"connection"] == b"close"


class _Caller:
    """Sends one request, and keeps what comes back."""

    def __init__(self) -> None:
        self.bodies: list[tuple[bytes, bool]] = []
        self.headers: list[tuple[bytes, bytes]] = []
        self.heard_something = asyncio.Event()
        self.hang_up = asyncio.Event()
        self._to_say: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def ask(self, application: ASGIApp) -> None:
        scope = {"type": "http", "method": "POST", "headers": []}
        await application(scope, self._say, self._hear)

    async def _say(self) -> Message:
        if self._to_say:
            return self._to_say.pop()
        await self.hang_up.wait()
        return {"type": "http.disconnect"}

    async def _hear(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = list(message["headers"])
        if message["type"] == "http.response.body":
            self.bodies.append((message["body"], message.get("more_body", False)))
            self.heard_something.set()


async def _events(scope: Scope, receive: Receive, send: Send) -> None:
    async def events() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        await asyncio.Event().wait()

    await _answered(
        StreamingResponse(events(), media_type="text/event-stream"), scope, receive, send
    )


async def _words(scope: Scope, receive: Receive, send: Send) -> None:
    await _answered(PlainTextResponse("all of it"), scope, receive, send)


async def _answered(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body", False):
        pass
    await response(scope, receive, send)
