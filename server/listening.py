"""A developer's own receiver of webhooks: it verifies, prints, and passes on."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import uvicorn
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.refusals import Refused
from server.signals import Stop

BODY_BYTES: Final = 65_536
PASS_ON_SECONDS: Final = 9.0
"""A little less than the sender waits, so that it hears what became of it."""

_CREATE: Final = """mutation ($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) {
        ... on WebhookEndpointCreated { endpoint { id } secret } ... on Problem { message } } }"""
_REMOVE: Final = """mutation ($input: RemoveWebhookEndpointInput!) {
    removeWebhookEndpoint(input: $input) { __typename } }"""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to listen for and where: with `key` at the server's own word, else by `secret`."""

    server: str
    port: int = 0
    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    events: tuple[str, ...] = ("*",)
    forward: str | None = None


async def listen(wish: Wish, stop: Stop) -> None:
    """Receives until asked to stop; what was registered at the server is gone again by then.

    Raises:
        Refused: the port is taken, or the server wants none of it.
    """
    with _port(wish.port) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        async with (
            _registered(wish, address) as secret,
            httpx2.AsyncClient(trust_env=False) as http,
        ):
            receiver = Receiver(Webhook(secret), wish.forward, http)
            print(f"Webhooks are received at {address} Ctrl-C stops it.", flush=True)
            server = _Server(
                uvicorn.Config(receiver.application(), log_config=None, access_log=False)
            )
            with stop.gently():
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                asking = asyncio.create_task(stop.asked.wait())
                await asyncio.wait((serving, asking), return_when=asyncio.FIRST_COMPLETED)
                server.should_exit = True
                asking.cancel()
                await serving


@dataclass(frozen=True)
class Receiver:
    """Takes webhooks that are signed as they should be; the others it refuses, and says why."""

    webhook: Webhook
    forward: str | None
    http: httpx2.AsyncClient

    def application(self) -> Starlette:
        return Starlette(routes=[Route("/", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        body = await _limited(request)
        headers = {name: value for name, value in request.headers.items() if "webhook" in name}
        try:
            words = self.webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError) as why:
            _say(f"refused: {why}")
            return Response(status_code=400)
        status = 204 if self.forward is None else await self._passed_on(self.forward, body, headers)
        _say(f"{words['type']}  {headers['webhook-id']}  answered {status}")
        print(json.dumps(words, ensure_ascii=False, indent=2), flush=True)
        return Response(status_code=status)

    async def _passed_on(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status that the developer's program answered with; 502 when it did not."""
        sent = {"content-type": "application/json", **headers}
        try:
            answer = await self.http.post(url, content=body, headers=sent, timeout=PASS_ON_SECONDS)
        except httpx2.HTTPError as error:
            _say(f"{url} did not answer ({type(error).__name__})")
            return 502
        return answer.status_code


class _Server(uvicorn.Server):
    """uvicorn without its own ears for signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _port(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(f"Port {port} is taken: name another with --port.") from error
        yield listener


@asynccontextmanager
async def _registered(wish: Wish, address: str) -> AsyncIterator[str]:
    """During the block the server tells `address`, if there is a key; yields what it signs with."""
    if wish.key is None:
        if wish.secret is None:
            raise Refused("Say whose webhooks: --key upk_test_…, or the --secret of an endpoint.")
        yield wish.secret
        return
    words = {
        "url": address,
        "description": "python -m server listen",
        "events": list(wish.events),
    }
    made = await _asked(wish, _CREATE, words)
    if "secret" not in made:
        raise Refused(f"The server will not send webhooks here: {made['message']}")
    try:
        yield made["secret"]
    finally:
        with suppress(Refused):  # The server may have gone before us.
            await _asked(wish, _REMOVE, {"endpointId": made["endpoint"]["id"]})


async def _asked(wish: Wish, document: str, words: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {wish.key}"}
    body = {"query": document, "variables": {"input": words}}
    try:
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{wish.server}/graphql", json=body, headers=headers)
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise Refused(f"No uPay answers at {wish.server}: start it, or name --server.") from error
    if told.get("errors"):
        raise Refused(f"{wish.server} says: {told['errors'][0]['message']}")
    [value] = told["data"].values()
    return value


async def _limited(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES:
            break
    return body[:BODY_BYTES]


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}  {line}", flush=True)
