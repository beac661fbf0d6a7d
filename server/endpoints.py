"""A GraphQL endpoint: GraphQL over HTTP, over server-sent events and over sockets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schema import catalogue
from schema.context import Context
from server import errors, event_streams, media_types, requests
from server.callers import Callers
from server.conversations import Conversations, encoded
from server.media_types import Form
from server.operations import Answer, Operations
from server.rates import Rates, Verdict
from server.rates import headers as rate_headers
from server.requests import BadRequest, HungUp

Headers = Mapping[bytes, bytes]
Page = Callable[[Request], Awaitable[Response]]


# What is left of the request is not listened to any more.
_UNREAD: Final = {408, 413}


class Endpoint:
    """One of the two APIs at its address; `page` is what a browser gets to see there."""

    def __init__(
        self,
        schema: strawberry.Schema,
        callers: Callers,
        *,
        rates: Rates | None = None,
        page: Page | None = None,
    ) -> None:
        self._operations = Operations(schema, rates)
        self._callers = callers
        self._conversations = Conversations(schema, self._operations, callers)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._conversations(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        if self._page and scope["method"] in {"GET", "HEAD"} and _is_browser(headers):
            response = await self._page(Request(scope, receive))
            await response(scope, receive, send)
            return
        try:
            form = _form(scope, headers)
            asked = requests.parsed(await requests.body(receive, headers))
        except BadRequest as refused:
            await _refuse(refused, headers, send)
            return
        except HungUp:
            return
        context = self._callers.anonymous(scope, headers)
        answer = await self._introduced(context, scope, headers)
        if answer is None and form is Form.EVENTS:
            start = {"status": 200, "headers": list(event_streams.HEADERS)}
            await send({"type": "http.response.start", **start})
            await event_streams.tell(self._operations.stream(asked, context), receive, send, _bytes)
            return
        if answer is None:
            answer = await self._operations.answer(asked, context)
        form = Form.JSON if form is Form.EVENTS else form
        await _send(send, _status(answer, form), form, _bytes(answer), answer.verdict)

    async def _introduced(self, context: Context, scope: Scope, headers: Headers) -> Answer | None:
        """None once it is known who asks; else what to say when that cannot be found out."""
        try:
            await self._callers.introduce(context, scope, headers)
        except Exception as error:  # noqa: BLE001 - told with a code, and logged
            told = errors.coded(GraphQLError(str(error), original_error=error), context)
            return Answer(errors=[told], is_refused=True)
        return None


def _form(scope: Scope, headers: Headers) -> Form:
    """The form of the answer, to a request that has the right one.

    Raises:
        BadRequest: it has not, or there is no such form.
    """
    if scope["method"] != "POST":
        raise BadRequest(405, "METHOD_NOT_ALLOWED", "Ask by POST.")
    form = media_types.accepted(headers.get(b"accept"))
    media_types.require_json(headers.get(b"content-type"), headers.get(b"content-encoding"))
    return form


def _is_browser(headers: Headers) -> bool:
    return b"text/html" in headers.get(b"accept", b"")


def _bytes(answer: Answer) -> bytes:
    return encoded(answer.payload()).encode()


def _status(answer: Answer, form: Form) -> int:
    if not answer.is_refused or answer.code is None:
        return 200
    entry = catalogue.top_level(answer.code)
    return entry.status if form is Form.GRAPHQL else entry.json_status


async def _refuse(refused: BadRequest, headers: Headers, send: Send) -> None:
    error = errors.no(refused.code, str(refused))
    body = encoded({"errors": [error.formatted]}).encode()
    is_asked_for = Form.GRAPHQL in headers.get(b"accept", b"").decode("latin-1")
    form = Form.GRAPHQL if is_asked_for else Form.JSON
    await _send(send, refused.status, form, body)


async def _send(
    send: Send,
    status: int,
    form: Form,
    body: bytes,
    verdict: Verdict | None = None,
) -> None:
    headers = [
        (b"content-type", form.content_type),
        (b"content-length", b"%d" % len(body)),
    ]
    if status == 405:
        headers.append((b"allow", b"POST"))
    if status in _UNREAD:
        headers.append((b"connection", b"close"))
    if verdict is not None:
        headers += rate_headers(verdict)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
