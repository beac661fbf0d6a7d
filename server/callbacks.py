"""Where a payment provider calls back: a hint to ask it, never the money itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from channels.providers import verify_callback
from domain import provider_orders, test_clock

BODY_MAX_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Caller:
    """The provider whose callbacks are believed to be its own, by `secret`."""

    name: str
    secret: bytes = field(repr=False)


def routes(caller: Caller | None, clock: Callable[[], datetime]) -> list[BaseRoute]:
    """The provider's address; none where there is no provider."""
    if caller is None:
        return []

    async def heard(request: Request) -> Response:
        now = clock()
        try:
            body = await _limited_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("The message is too large.\n", status_code=413)
        timestamp = request.headers.get("upay-timestamp", "")
        signature = request.headers.get("upay-signature", "")
        # A provider dates by a clock of its own, unless it is a simulator that follows ours.
        dates = {now, test_clock.outside(now)}
        if not any(verify_callback(caller.secret, timestamp, body, signature, at) for at in dates):
            return PlainTextResponse("The signature is wrong or old.\n", status_code=401)
        await provider_orders.hear(caller.name, body, now)
        return Response(status_code=204)

    return [Route("/providers/callback", heard, methods=["POST"])]


async def _limited_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            return None
    return bytes(body)
