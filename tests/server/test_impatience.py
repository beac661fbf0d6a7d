"""Connections that say nothing, or never come to the point."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from server.impatience import HEADERS_BYTES, ImpatientProtocol


class _Hasty(ImpatientProtocol):
    headers_seconds = 0.05


HEAD = b"GET / HTTP/1.1\r\nhost: upay.test\r\n"


@pytest.mark.parametrize(
    "said", [b"", b"GET / HT", HEAD, HEAD + b"x-more: 1\r\n", HEAD + b"\r\n" + HEAD]
)
async def test_whoever_does_not_finish_the_head_of_a_request_is_cut_off(said: bytes) -> None:
    async with _connected(_Hasty) as (reader, writer):
        writer.write(said)

        heard = await asyncio.wait_for(reader.read(), 10)

    assert heard.count(b"200 OK") == said.count(b"\r\n\r\n")


async def test_a_head_larger_than_its_limit_is_refused_and_the_connection_closed() -> None:
    async with _connected(ImpatientProtocol) as (reader, writer):
        writer.write(HEAD + b"x-long: " + b"x" * HEADERS_BYTES + b"\r\n\r\n")

        heard = await asyncio.wait_for(reader.read(), 10)

    assert heard.startswith(b"HTTP/1.1 431 ")
    assert heard.count(b"HTTP/1.1") == 1


async def test_requests_that_come_to_the_point_share_a_connection() -> None:
    async with _connected(_Hasty) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"\r\n")
            heard = await asyncio.wait_for(reader.readuntil(b"hello"), 10)

            assert heard.startswith(b"HTTP/1.1 200 OK")


@asynccontextmanager
async def _connected(
    protocol: type[ImpatientProtocol],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(
        PlainTextResponse("hello"), http=protocol, lifespan="off", log_config=None
    )
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with listening:
        host, port = listening.sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(host, port)
        try:
            yield reader, writer
        finally:
            writer.close()
