"""Who is asking, from where, in which language: the context of whatever they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from starlette.types import Scope

from domain.merchants import api_keys
from models.sessions import Audience
from schema.context import Context
from schema.texts import choose
from server import client_versions
from server.door import Door

LONGEST_TOKEN: Final = 256


class CookieToken(Protocol):
    """Reads the token out of a cookie, where a cookie is to be believed."""

    def __call__(
        self,
        headers: Mapping[bytes, bytes],
        *,
        is_socket: bool,
        allowed_origins: Sequence[str],
    ) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Callers:
    """The callers of one API; a token of the other opens nothing here.

    `cookie` is how a caller without `Authorization` may be known; None where no cookie is believed.
    """

    audience: Audience
    clock: Callable[[], datetime]
    door: Door
    livemode: bool
    public_url: str = "http://localhost:8000"
    allowed_origins: Sequence[str] = ()
    cookie: CookieToken | None = None

    async def introduce(
        self, context: Context, scope: Scope, headers: Mapping[bytes, bytes]
    ) -> None:
        """Lets the context know who asks, by what the request's headers show."""
        shown = headers.get(b"authorization")
        if shown is not None:
            await self.introduced(context, shown.decode("latin-1"))
        elif self.cookie is not None:
            is_socket = scope["type"] == "websocket"
            token = self.cookie(headers, is_socket=is_socket, allowed_origins=self.allowed_origins)
            await self._identify(context, token)

    async def by_socket(self, scope: Scope) -> Context:
        """The context of a socket, whose operations each ask anew whether its session lives."""
        headers = dict(scope["headers"])
        context = self.anonymous(scope, headers)
        await self.introduce(context, scope, headers)
        context.still_lives = self.door.still_lives
        return context

    async def introduced(self, context: Context, shown: Any) -> bool:
        """Whether what is shown as `Bearer …` opens this API; then the context knows who asks."""
        return await self._identify(context, _bearer(shown))

    async def _identify(self, context: Context, token: str | None) -> bool:
        if token is not None and token.startswith(api_keys.PREFIX):
            return await self._hold(context, token)
        identity = await self.door.identify(token, self.audience) if token else None
        context.identity = identity
        if identity is not None:
            context.language = choose("", identity.locale)
        return identity is not None

    async def _hold(self, context: Context, api_key: str) -> bool:
        """A key opens the public API of a server of its own mode; the desk, none."""
        if self.audience is not Audience.PUBLIC:
            return False
        if not api_key.startswith(api_keys.prefix(livemode=self.livemode)):
            context.is_of_other_mode = api_key.startswith(
                api_keys.prefix(livemode=not self.livemode)
            )
            return False
        context.key_holder = await self.door.holder(api_key)
        return context.key_holder is not None

    def anonymous(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Context:
        """The context of a request, before it is known who asks."""
        client, app = scope.get("client"), headers.get(client_versions.HEADER)
        return Context(
            clock=self.clock,
            language=choose(headers.get(b"accept-language", b"").decode("latin-1")),
            livemode=self.livemode,
            audience=self.audience,
            public_url=self.public_url,
            request_id=scope["request_id"],
            client=client[0] if client else "",
            client_version=None if app is None else app.decode("latin-1"),
        )


def _bearer(shown: Any) -> str | None:
    if not isinstance(shown, str) or len(shown) > LONGEST_TOKEN:
        return None
    scheme, _, token = shown.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
