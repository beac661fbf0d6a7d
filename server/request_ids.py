"""The id of each request: on its answer and in the log, so that a person can name it."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics, sightings

HEADER: Final = b"x-request-id"

_FIT: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """An application whose requests each have an id: the caller's own if fit for a log, or ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        id = scope["request_id"] = _given(scope) or uuid4().hex
        header = (HEADER, id.encode())
        sightings.arrived(scope, id)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics.answers[message["status"] // 100] += 1
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        if scope["type"] == "websocket":
            with metrics.socket(scope["path"]):
                await self._app(scope, receive, answer)
        else:
            await self._app(scope, receive, answer)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode() if _FIT.fullmatch(value) else None
    return None
