"""Who may speak to the simulator, and how it says that it is one."""

from __future__ import annotations

import hmac

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.providers import SIMULATOR


class OnlyWithSecret:
    """Lets in who knows the secret: other people of this machine reach the port, too.

    Every answer says that it is a simulator's, which no live server would speak to.
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._expected = f"Bearer {secret}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (SIMULATOR.encode(), b"1")]
            await send(message)

        given = dict(scope["headers"]).get(b"authorization", b"")
        is_known = hmac.compare_digest(given, self._expected)
        answer = self._app if is_known else JSONResponse({"error": "not_signed_in"}, 401)
        await answer(scope, receive, marked)
