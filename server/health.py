"""Whether uPay is there, and whether it can do its work."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from server.readiness import Readiness, is_ready


def routes(stopping: asyncio.Event) -> list[BaseRoute]:
    """Where to ask; once `stopping` is set the server is not ready for anybody new."""

    readiness = Readiness()

    async def ready(_: Request) -> Response:
        return _leaving() if stopping.is_set() else _told(await readiness.look())

    return [Route("/livez", _alive), Route("/readyz", ready)]


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


def _leaving() -> Response:
    return JSONResponse({"server": "stopping"}, status_code=503)


def _told(found: dict[str, str]) -> Response:
    return JSONResponse(found, status_code=200 if is_ready(found) else 503)
