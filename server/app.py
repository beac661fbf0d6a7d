"""The ASGI application: which address leads where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from models.sessions import Audience
from realtime import bus
from server import callbacks, health, tray
from server.api import desk_schema, public_schema
from server.door import Door
from server.endpoints import Endpoint, Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True, kw_only=True)
class Front:
    """What the application needs to know of the server it runs in.

    `letters` is the folder of the tray, shown at `/dev/mail`; None where letters really leave.
    `caller` is the provider whose callbacks are heard; None where there is none.
    """

    clock: Callable[[], datetime]
    livemode: bool
    allowed_origins: Sequence[str] = ()
    letters: Path | None = None
    caller: callbacks.Caller | None = None


def application(front: Front) -> Starlette:
    """uPay behind its addresses; database, keys and bus are the caller's to open before."""
    door = Door(front.clock)
    place = Place(
        clock=front.clock,
        door=door,
        livemode=front.livemode,
        allowed_origins=front.allowed_origins,
    )

    @asynccontextmanager
    async def listening(_: Starlette) -> AsyncIterator[None]:
        unwatch = bus.installed().watch("session:", door.forget)
        try:
            yield
        finally:
            unwatch()

    return Starlette(
        routes=[
            *_endpoint("/graphql", Endpoint(public_schema, Audience.PUBLIC, place)),
            *_endpoint("/desk/graphql", Endpoint(desk_schema, Audience.DESK, place)),
            *health.routes(),
            *callbacks.routes(front.caller, front.clock),
            *tray.routes(front.letters),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=front.allowed_origins,
                allow_methods=["POST"],
                allow_headers=["authorization", "content-type", "accept-language"],
            )
        ],
        lifespan=listening,
    )


def _endpoint(path: str, endpoint: Endpoint) -> list[BaseRoute]:
    # Routes, not a mount: a mount answers POST /graphql with a redirect to /graphql/.
    return [Route(path, endpoint, methods=None), WebSocketRoute(path, endpoint)]
