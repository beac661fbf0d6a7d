"""The ASGI application: which address leads where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from models.sessions import Audience
from realtime import bus
from server import callbacks, health, tray
from server.api import desk_schema, public_schema
from server.callers import Callers
from server.desk_sessions import DeskSessions, cookie_token
from server.door import Door
from server.endpoints import Endpoint
from server.explorer import Explorer
from server.exports import Exports
from server.files import FileDoor
from server.headers import SecurityHeaders
from server.links import LinkPages
from server.links.pays import PayPages
from server.origins import Origins
from server.papers import Papers
from server.rates import Rates
from server.request_ids import RequestIds
from server.settlements import SettlementFiles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True, kw_only=True)
class Front:
    """What the application needs to know of the server it runs in.

    `letters` is the folder of the tray, shown at `/dev/mail`; None where letters really leave.
    `caller` is the provider whose callbacks are heard; None where there is none. `explorer` is what
    browsers see at `/graphql`, and `examples` are pages that use it. `rates` is closed with the
    application. Once `stopping` is set nobody new should come: `/readyz` says so. `public_url` is
    the origin people reach it at.
    """

    clock: Callable[[], datetime]
    livemode: bool
    public_url: str = "http://localhost:8000"
    allowed_origins: Sequence[str] = ()
    rates: Rates = field(default_factory=Rates)
    letters: Path | None = None
    caller: callbacks.Caller | None = None
    explorer: Explorer | None = None
    examples: Sequence[BaseRoute] = ()
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def application(front: Front) -> Starlette:
    """uPay behind its addresses; database, keys and bus are the caller's to open before."""
    door = Door(front.clock)

    def callers(audience: Audience) -> Callers:
        return Callers(
            audience=audience,
            clock=front.clock,
            door=door,
            livemode=front.livemode,
            public_url=front.public_url,
            allowed_origins=front.allowed_origins,
            cookie=cookie_token if audience is Audience.DESK else None,
        )

    @asynccontextmanager
    async def listening(_: Starlette) -> AsyncIterator[None]:
        unwatch_sessions = bus.installed().watch("session:", door.forget)
        unwatch_keys = bus.installed().watch("api_key:", door.forget_key)
        try:
            yield
        finally:
            unwatch_sessions()
            unwatch_keys()
            await front.rates.close()

    desk = DeskSessions(clock=front.clock, rates=front.rates, allowed_origins=front.allowed_origins)
    public_files = FileDoor(callers=callers(Audience.PUBLIC), rates=front.rates)
    desk_files = FileDoor(callers=callers(Audience.DESK), rates=front.rates)
    page = front.explorer.page if front.explorer else None
    endpoints = {
        "/graphql": Endpoint(public_schema, callers(Audience.PUBLIC), rates=front.rates, page=page),
        "/desk/graphql": Endpoint(desk_schema, callers(Audience.DESK), rates=front.rates),
    }
    return _Building(
        front,
        endpoints,
        routes=[
            *desk.routes(),
            *Papers(public=public_files, desk=desk_files).routes(),
            *Exports(door=public_files).routes(),
            *SettlementFiles(door=public_files).routes(),
            *health.routes(front.stopping),
            *callbacks.routes(front.caller, front.clock),
            *LinkPages(clock=front.clock, rates=front.rates).routes(),
            *PayPages(clock=front.clock, rates=front.rates, livemode=front.livemode).routes(),
            *tray.routes(front.letters, front.public_url),
            *(front.explorer.routes() if front.explorer else ()),
            *front.examples,
        ],
        lifespan=listening,
    )


class _Building(Starlette):
    """The two APIs by their addresses, everything else by Starlette, all behind the same shields.

    The shields stand outside of what catches errors, so that an answer about one has its headers.
    """

    def __init__(self, front: Front, endpoints: Mapping[str, Endpoint], **starlette: Any) -> None:
        super().__init__(**starlette)
        self._front = front
        self._endpoints = endpoints

    def build_middleware_stack(self) -> ASGIApp:
        elsewhere = super().build_middleware_stack()

        async def inside(scope: Scope, receive: Receive, send: Send) -> None:
            endpoint = self._endpoints.get(scope.get("path", ""), elsewhere)
            await endpoint(scope, receive, send)

        own = Origins(inside, self._front.allowed_origins)
        return RequestIds(SecurityHeaders(own, livemode=self._front.livemode))
