"""Which pages may call: one list for answers (CORS) and for sockets, and uPay's own always.

Credentials are never allowed to another origin, so no page elsewhere can lend somebody's cookies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED_METHODS: Final = b"POST"
ALLOWED_HEADERS: Final = (
    b"accept, accept-language, authorization, content-type, x-request-id, x-upay-client"
)
EXPOSED_HEADERS: Final = b"ratelimit, ratelimit-policy, retry-after, x-request-id"
PREFLIGHT_SECONDS: Final = 600

_VARY: Final = (b"vary", b"origin")


def is_own(origin: bytes, headers: Mapping[bytes, bytes]) -> bool:
    """Whether a page of `origin` came from where this request went, as the browser sees it.

    The scheme is left out: behind a proxy that ends TLS only the browser knows it.
    """
    return origin.partition(b"://")[2].lower() == headers.get(b"host", b"").lower() != b""


class Origins:
    """An application that pages of `allowed` origins may call from a browser.

    Their answers say so, their preflights are answered, and their sockets are let in. A foreign
    page's request is answered without a word about it, which its browser takes as a no; its socket
    is refused with 403, because there the browser asks nobody. Callers that name no origin are no
    pages, and are none of this module's business.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._allowed = {origin.encode(): _answer_headers(origin) for origin in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _origin(scope)
        if origin is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._open(origin, scope, receive, send)
        elif _is_preflight(scope):
            await self._answer_preflight(origin, send)
        else:
            await self._answer(origin, scope, receive, send)

    async def _open(self, origin: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        if origin in self._allowed or is_own(origin, dict(scope["headers"])):
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _answer_preflight(self, origin: bytes, send: Send) -> None:
        headers = [_VARY]
        if origin in self._allowed:
            headers = [
                (b"access-control-allow-origin", origin),
                (b"access-control-allow-methods", ALLOWED_METHODS),
                (b"access-control-allow-headers", ALLOWED_HEADERS),
                (b"access-control-max-age", b"%d" % PREFLIGHT_SECONDS),
                *headers,
            ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _answer(self, origin: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        added = self._allowed.get(origin, (_VARY,))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        await self._app(scope, receive, answer)


def _answer_headers(origin: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-expose-headers", EXPOSED_HEADERS),
        _VARY,
    )


def _origin(scope: Scope) -> bytes | None:
    if scope["type"] not in {"http", "websocket"}:
        return None
    return next((value for name, value in scope["headers"] if name == b"origin"), None)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )
