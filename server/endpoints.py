"""A GraphQL endpoint: HTTP and sockets in, contexts made, answers out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET

from domain.sessions import Identity
from models.sessions import Audience
from schema.context import Context
from schema.texts import choose
from server.door import Door

SUBSCRIPTIONS_PER_SOCKET: Final = 20
INIT_TIMEOUT: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an endpoint knows of the server it stands in."""

    clock: Callable[[], datetime]
    door: Door
    livemode: bool
    allowed_origins: Sequence[str] = ()


class Endpoint(GraphQL[Context, None]):
    """One of the two APIs; a token of the other opens nothing here."""

    def __init__(self, schema: BaseSchema, audience: Audience, place: Place) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=SUBSCRIPTIONS_PER_SOCKET,
            allowed_origins=place.allowed_origins,
        )
        self._audience = audience
        self._place = place

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        token = _bearer(request.headers.get("authorization"))
        identity = await self._identify(token)
        return Context(
            clock=self._place.clock,
            language=choose(
                request.headers.get("accept-language", ""), identity.locale if identity else None
            ),
            livemode=self._place.livemode,
            audience=self._audience,
            identity=identity,
            request_id=uuid4().hex,
            client=_client(request),
            still_lives=self._place.door.still_lives if _is_socket(request) else None,
        )

    async def on_ws_connect(self, context: Context) -> Any:
        """A socket shows its token as `{"authorization": "Bearer …"}`; a wrong one is refused."""
        shown = (context.connection_params or {}).get("authorization")
        if shown is not None:
            token = _bearer(shown)
            context.identity = await self._identify(token)
            if context.identity is None:
                raise ConnectionRejectionError
            context.language = choose("", context.identity.locale)
        return UNSET

    def encode_json(self, data: object) -> str:
        """Readable as it is; half a character (a lone surrogate) that came in goes out as `?`."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return text if text.isascii() else text.encode("utf-8", "replace").decode()

    async def _identify(self, token: str | None) -> Identity | None:
        return None if token is None else await self._place.door.identify(token, self._audience)


def _bearer(shown: Any) -> str | None:
    if not isinstance(shown, str) or len(shown) > 256:
        return None
    scheme, _, token = shown.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _client(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


def _is_socket(request: HTTPConnection) -> bool:
    return bool(request.scope["type"] == "websocket")
