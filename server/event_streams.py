"""Answers as server-sent events: GraphQL over SSE, one connection for each operation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Final

from starlette.types import Receive, Send

from server.operations import Answer

PING_SECONDS: Final = 15.0
HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # A proxy that collects or rewrites a stream would hold each event back.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
)

_PING: Final = b":\n\n"
_COMPLETE: Final = b"event: complete\ndata:\n\n"


async def tell(
    answers: AsyncGenerator[Answer, None],
    receive: Receive,
    send: Send,
    encoded: Callable[[Answer], bytes],
) -> None:
    """Sends each answer as it comes until there are no more, or the caller hangs up."""
    hanging_up = asyncio.ensure_future(_hung_up(receive))
    coming: asyncio.Future[Answer | None] = asyncio.ensure_future(anext(answers, None))
    try:
        while True:
            await asyncio.wait(
                (coming, hanging_up), timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if hanging_up.done():
                return
            if not coming.done():
                await _send(send, _PING)
                continue
            answer = coming.result()
            if answer is None:
                await _send(send, _COMPLETE, more=False)
                return
            await _send(send, b"event: next\ndata: " + encoded(answer) + b"\n\n")
            coming = asyncio.ensure_future(anext(answers, None))
    finally:
        for waiting in (coming, hanging_up):
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
        await answers.aclose()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
