"""A client that says on a socket whatever it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import pytest
import websockets

PROTOCOL: Final = "graphql-transport-ws"
PATIENCE_SECONDS: Final = 10


class Talker:
    """One socket, on which anything can be said."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    @classmethod
    @asynccontextmanager
    async def connect(cls, address: str, protocol: str = PROTOCOL) -> AsyncIterator[Self]:
        """A socket on which nothing was said yet."""
        async with websockets.connect(
            f"ws://{address}/graphql", subprotocols=[websockets.Subprotocol(protocol)]
        ) as socket:
            yield cls(socket)

    @classmethod
    @asynccontextmanager
    async def open(cls, address: str, token: str | None = None) -> AsyncIterator[Self]:
        """A socket that is acknowledged."""
        async with cls.connect(address) as talker:
            shown = {} if token is None else {"authorization": f"Bearer {token}"}
            await talker.say({"type": "connection_init", "payload": shown})
            assert (await talker.hear())["type"] == "connection_ack"
            yield talker

    async def say(self, message: Any) -> None:
        """A message; text and bytes go out as they are."""
        raw = message if isinstance(message, str | bytes) else json.dumps(message)
        await self._socket.send(raw)

    async def subscribe(self, id: str, payload: Any) -> None:
        await self.say({"id": id, "type": "subscribe", "payload": payload})

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: dict[str, Any] = json.loads(await self._socket.recv())
        return message

    async def end(self, *, within_seconds: float = PATIENCE_SECONDS) -> int | None:
        """The code it is closed with; nothing may be said before."""
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(self._socket.recv(), within_seconds)
        return self._socket.close_code


def codes(message: dict[str, Any]) -> list[str]:
    """The codes of what a message says went wrong."""
    payload: Any = message["payload"]
    errors = payload if message["type"] == "error" else payload["errors"]
    return [error["extensions"]["code"] for error in errors]
