"""What every answer tells the browser: to guess nothing, keep nothing, and frame nothing."""

from __future__ import annotations

from typing import Final, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header: TypeAlias = tuple[bytes, bytes]

EVERYWHERE: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
HTTPS_ONLY: Final[Header] = (
    b"strict-transport-security",
    b"max-age=31536000; includeSubDomains",
)

_STARTS: Final = {"http.response.start", "websocket.http.response.start"}


class SecurityHeaders:
    """An application whose answers all carry these headers, errors and pages included.

    What an answer says itself stays as it is: a page brings its own Content-Security-Policy. Only
    a live server binds browsers to https, and only those that came by it.
    """

    def __init__(self, app: ASGIApp, *, livemode: bool) -> None:
        self._app = app
        self._livemode = livemode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        is_bound = self._livemode and scope.get("scheme") in {"https", "wss"}
        added = (*EVERYWHERE, HTTPS_ONLY) if is_bound else EVERYWHERE

        async def answer(message: Message) -> None:
            if message["type"] in _STARTS:
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [each for each in added if each[0] not in names]
            await send(message)

        await self._app(scope, receive, answer)
