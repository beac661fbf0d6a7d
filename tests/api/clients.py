"""Clients of the API as tests hold them: one that asks, one that listens on a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import httpx2
import uvicorn
import websockets
from starlette.types import ASGIApp

from server.rates import Rates


class Asker:
    """Sends documents to one endpoint, signed in or not."""

    def __init__(
        self, app: ASGIApp, path: str = "/graphql", token: str | None = None, language: str = "en"
    ) -> None:
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://upay.test"
        )
        self._path = path
        self._headers = {"accept-language": language}
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"

    async def answer(
        self, document: str, operation: str | None = None, **variables: Any
    ) -> dict[str, Any]:
        """The whole answer, errors included; not what it cost."""
        body = {"query": document, "operationName": operation, "variables": variables}
        response = await self._http.post(self._path, json=body, headers=self._headers)
        answer: dict[str, Any] = response.json()
        answer.pop("extensions", None)
        return answer

    async def data(self, document: str, **variables: Any) -> Any:
        """What the only root field answered; there must be no errors."""
        answer = await self.answer(document, **variables)
        assert "errors" not in answer, answer["errors"]
        [value] = answer["data"].values()
        return value

    async def code(self, document: str, **variables: Any) -> str:
        """The code of the one top-level error."""
        [error] = (await self.answer(document, **variables))["errors"]
        code: str = error["extensions"]["code"]
        return code


def roomy() -> Rates:
    """Rates that no test comes to the end of."""
    return Rates(person_points=10**9, address_points=10**9)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The application behind a real server and a real socket; yields `127.0.0.1:port`."""
    config = uvicorn.Config(
        app, port=0, log_config=None, lifespan="on", timeout_graceful_shutdown=2
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


class _Server(uvicorn.Server):
    """A server that leaves the test run's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Listener:
    """One subscription over graphql-transport-ws."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    @classmethod
    @asynccontextmanager
    async def open(
        cls, address: str, token: str | None, document: str, **variables: Any
    ) -> AsyncIterator[Self]:
        async with websockets.connect(
            f"ws://{address}/graphql",
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        ) as socket:
            payload = {} if token is None else {"authorization": f"Bearer {token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            body = {"query": document, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": body}))
            yield cls(socket)

    async def message(self) -> dict[str, Any]:
        """The next message of the server, whatever it is; waited for ten seconds."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self._socket.recv(), 10))
        return message

    async def event(self) -> dict[str, Any]:
        """The next event that is not a heartbeat."""
        while True:
            message = await self.message()
            assert message["type"] == "next", message
            payload = message["payload"]
            assert "errors" not in payload, payload
            [event] = payload["data"].values()
            if event["__typename"] != "StreamHeartbeat":
                found: dict[str, Any] = event
                return found

    def cut(self) -> None:
        """Ends the connection as a lost network does, without a goodbye."""
        self._socket.transport.abort()
