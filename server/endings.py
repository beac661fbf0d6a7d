"""Answers without an end: they end when uPay is asked to stop, as if their callers had hung up."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HUNG_UP: Final[Message] = {"type": "http.disconnect"}
_LAST: Final[Message] = {"type": "http.response.body", "body": b"", "more_body": False}


class Endings:
    """An application whose event streams (`text/event-stream`) end once `stopping` is set.

    Every other answer is given whole. A client sees its stream end properly, and comes back.
    """

    def __init__(self, application: ASGIApp, stopping: asyncio.Event) -> None:
        self._application = application
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        answer = _Answer(receive, send, self._stopping)
        await self._application(scope, answer.receive, answer.send)
        await answer.end()


class _Answer:
    """One request's two wires, and how far its answer is."""

    def __init__(self, receive: Receive, send: Send, stopping: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self._stopping = stopping
        self._streams = asyncio.Event()
        self._is_read = False
        self._is_over = False

    async def receive(self) -> Message:
        # Whoever listens on after the whole request is there waits for nothing but the hanging up.
        if self._is_read:
            return await self._heard_or_stopping()
        message = await self._receive()
        self._is_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_event_stream(message):
            self._streams.set()
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._is_over = True
        await self._send(message)

    async def end(self) -> None:
        """Ends a stream that was broken off."""
        if self._streams.is_set() and not self._is_over and self._stopping.is_set():
            await self._send(_LAST)

    async def _heard_or_stopping(self) -> Message:
        hearing = asyncio.ensure_future(self._receive())
        stopping = asyncio.ensure_future(self._streams_while_stopping())
        try:
            await asyncio.wait((hearing, stopping), return_when=asyncio.FIRST_COMPLETED)
            return hearing.result() if hearing.done() else _HUNG_UP
        finally:
            hearing.cancel()
            stopping.cancel()

    async def _streams_while_stopping(self) -> None:
        await self._streams.wait()
        await self._stopping.wait()


def _is_event_stream(message: MutableMapping[str, Any]) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )
