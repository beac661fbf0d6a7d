"""The last answers of a server that stops: callers are sent elsewhere, endless answers end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema import catalogue
from server import errors, request_ids

_HUNG_UP: Final[Message] = {"type": "http.disconnect"}
_CLOSE: Final = (b"connection", b"close")
_LAST: Final[Message] = {"type": "http.response.body", "body": b"", "more_body": False}


class Endings:
    """An application whose event streams (`text/event-stream`) end once `closing` is set.

    Every other answer is given whole, or once the server gives it up, 503. A client sees its stream
    end properly, and comes back. From `leaving` on, which may be set earlier, each answer asks its
    caller for another connection.
    """

    def __init__(
        self, application: ASGIApp, closing: asyncio.Event, *, leaving: asyncio.Event | None = None
    ) -> None:
        self._application = application
        self._closing = closing
        self._leaving = leaving or closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        answer = _Answer(receive, send, self._closing, self._leaving)
        try:
            await self._application(scope, answer.receive, answer.send)
        except asyncio.CancelledError:
            # The server waits no longer.
            if answer.has_begun or not self._closing.is_set():
                raise
            await _break_off(scope, send)
        await answer.end()


class _Answer:
    """One request's two wires, and how far its answer is."""

    def __init__(
        self, receive: Receive, send: Send, closing: asyncio.Event, leaving: asyncio.Event
    ) -> None:
        self._receive = receive
        self._send = send
        self._closing = closing
        self._leaving = leaving
        self.has_begun = False
        self._streams = asyncio.Event()
        self._is_read = False
        self._is_over = False

    async def receive(self) -> Message:
        # Whoever listens on after the whole request is there waits for nothing but the hanging up.
        if self._is_read:
            return await self._heard_or_closing()
        message = await self._receive()
        self._is_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            if self._leaving.is_set():
                message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
            if _is_event_stream(message):
                self._streams.set()
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._is_over = True
        await self._send(message)

    async def end(self) -> None:
        """Ends a stream that was broken off."""
        if self._streams.is_set() and not self._is_over and self._closing.is_set():
            await self._send(_LAST)

    async def _heard_or_closing(self) -> Message:
        hearing = asyncio.ensure_future(self._receive())
        closing = asyncio.ensure_future(self._streams_while_closing())
        try:
            await asyncio.wait((hearing, closing), return_when=asyncio.FIRST_COMPLETED)
            return hearing.result() if hearing.done() else _HUNG_UP
        finally:
            hearing.cancel()
            closing.cancel()

    async def _streams_while_closing(self) -> None:
        await self._streams.wait()
        await self._closing.wait()


async def _break_off(scope: Scope, send: Send) -> None:
    """Says that what was asked may have been done all the same."""
    entry = catalogue.top_level("TIMEOUT")
    error = errors.no(entry.code, entry.text.en)
    body = json.dumps({"errors": [error.formatted]}).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (request_ids.HEADER, scope.get("request_id", "").encode()),
        _CLOSE,
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_event_stream(message: MutableMapping[str, Any]) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )
