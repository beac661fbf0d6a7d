"""The desk's session in cookies that no script can read, and that no other page can use.

`POST /desk/session` puts the session behind a refresh token into cookies, `POST
/desk/session/refresh` renews them, and `DELETE /desk/session` ends the session and forgets it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain import sessions
from models.sessions import Audience
from server import errors, rates, requests
from server.callers import LONGEST_TOKEN
from server.media_types import require_json
from server.origins import is_own
from server.rates import Rates
from server.requests import BadRequest, HungUp

PATH: Final = "/desk/session"
ACCESS: Final = "__Host-upay-desk"
REFRESH: Final = "__Host-upay-desk-refresh"
POINTS: Final = 10

_ATTRIBUTES: Final = "Path=/; Secure; HttpOnly; SameSite=Strict"
_EVERYTHING: Final = '"cache", "cookies", "storage"'

Answering: TypeAlias = Callable[[Request], Awaitable[Response]]


def cookie_token(
    headers: Mapping[bytes, bytes], *, is_socket: bool, allowed_origins: Sequence[str]
) -> str | None:
    """The access token in the cookie; None unless a page of the desk itself sent it.

    A browser sends its cookies whoever asks it to, so the cookie alone proves nothing. A request
    needs the header `x-upay-desk: 1` as well, which a form cannot send and a page elsewhere only
    with a preflight's leave, and the browser's word that the page is ours: `Sec-Fetch-Site:
    same-origin`, or from browsers that do not say so (for sockets, most of them) an `Origin` that
    is this host or one of `allowed_origins`. A socket can send no header of its own.
    """
    if b"cookie" not in headers:
        return None
    if not is_socket and headers.get(b"x-upay-desk") != b"1":
        return None
    return _cookie(headers, ACCESS) if _is_our_page(headers, allowed_origins) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSessions:
    """The three verbs of a session in cookies; whoever is no page of the desk gets none of them."""

    clock: Callable[[], datetime]
    rates: Rates
    allowed_origins: Sequence[str] = ()

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self._guarded(self.open), methods=["POST"]),
            Route(PATH, self._guarded(self.end), methods=["DELETE"]),
            Route(f"{PATH}/refresh", self._guarded(self.renew), methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """Takes `{"refresh": "…"}` from a sign-in; the token is spent by it."""
        headers = _headers(request)
        require_json(headers.get(b"content-type"), headers.get(b"content-encoding"))
        return await self._renewed(_shown(await requests.body(request.receive, headers)))

    async def renew(self, request: Request) -> Response:
        """New cookies for those that came; when the session is over they are taken away."""
        try:
            return await self._renewed(_cookie(_headers(request), REFRESH))
        except BadRequest as refused:
            return _forgetting(_refusal(refused))

    async def end(self, request: Request) -> Response:
        """Ends the session, whichever of its cookies is left, and clears what the page kept."""
        session_id = await self._session_id(_headers(request))
        if session_id is not None:
            await sessions.sign_out(session_id, self.clock())
        answer = _forgetting(Response(status_code=204))
        answer.headers["clear-site-data"] = _EVERYTHING
        return answer

    def _guarded(self, answering: Answering) -> Answering:
        async def guarded(request: Request) -> Response:
            address = request.client.host if request.client else ""
            verdict = await self.rates.take(caller_id=None, address=address, points=POINTS)
            try:
                if not verdict.is_allowed:
                    raise BadRequest(429, "RATE_LIMITED", "That was too often. Wait a moment.")
                self._refuse_strangers(request)
                answer = await answering(request)
            except BadRequest as refused:
                answer = _refusal(refused)
            except HungUp:
                answer = Response(status_code=400)
            answer.raw_headers += rates.headers(verdict)
            return answer

        return guarded

    def _refuse_strangers(self, request: Request) -> None:
        headers = _headers(request)
        is_ours = _is_our_page(headers, self.allowed_origins)
        if headers.get(b"x-upay-desk") != b"1" or not is_ours:
            message = "Only the desk's own pages may ask this, with the header x-upay-desk."
            raise BadRequest(403, "FORBIDDEN", message)

    async def _renewed(self, refresh_token: str | None) -> Response:
        if refresh_token is None:
            raise BadRequest(401, "UNAUTHENTICATED", "Sign in first.")
        try:
            tokens = await sessions.refresh(refresh_token, Audience.DESK, self.clock())
        except sessions.SessionEnded:
            message = "Your session has ended. Sign in again."
            raise BadRequest(401, "SESSION_ENDED", message) from None
        answer = Response(status_code=204)
        _set(answer, ACCESS, tokens.access)
        _set(answer, REFRESH, tokens.refresh)
        return answer

    async def _session_id(self, headers: Mapping[bytes, bytes]) -> UUID | None:
        now = self.clock()
        access, refresh = _cookie(headers, ACCESS), _cookie(headers, REFRESH)
        identity = await sessions.identity(access, now) if access else None
        if identity is None and refresh:
            # The access token has run out; the session it belonged to may well go on.
            try:
                tokens = await sessions.refresh(refresh, Audience.DESK, now)
            except sessions.SessionEnded:
                return None
            identity = await sessions.identity(tokens.access, now)
        return identity.session_id if identity else None


def _is_our_page(headers: Mapping[bytes, bytes], allowed_origins: Sequence[str]) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    origin = headers.get(b"origin")
    if origin is None:
        return False
    return is_own(origin, headers) or origin.decode("latin-1") in allowed_origins


def _headers(request: Request) -> Mapping[bytes, bytes]:
    return dict(request.scope["headers"])


def _cookie(headers: Mapping[bytes, bytes], name: str) -> str | None:
    # To the letter: whoever is generous with names lets a neighbour's cookie pass for `__Host-`.
    for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        found, _, value = part.strip(" ").partition("=")
        if found == name and 0 < len(value) <= LONGEST_TOKEN:
            return value
    return None


def _shown(body: bytes) -> str:
    try:
        said = requests.decoded(body)
    except ValueError:
        said = None
    token = said.get("refresh") if isinstance(said, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
        raise BadRequest(400, "BAD_REQUEST", 'Send {"refresh": "…"} with a refresh token.')
    return token


def _set(answer: Response, name: str, token: str) -> None:
    answer.headers.append("set-cookie", f"{name}={token}; {_ATTRIBUTES}")


def _forgetting(answer: Response) -> Response:
    for name in (ACCESS, REFRESH):
        answer.headers.append("set-cookie", f"{name}=; Max-Age=0; {_ATTRIBUTES}")
    return answer


def _refusal(refused: BadRequest) -> Response:
    error = errors.no(refused.code, str(refused))
    return JSONResponse({"errors": [error.formatted]}, refused.status)
