"""What a stand-in needs of its process: a port, a connection it can cut, an end with its parent."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_CUT: Final = "upay.cut"


class Severable(H11Protocol):
    """uvicorn's HTTP, whose connection an answer may cut."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answering = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope[_CUT] = self.transport.abort
            await answering(scope, receive, send)

        self.app = app


class Cut(Response):
    """No answer at all: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_CUT]()
        while (await receive())["type"] != "http.disconnect":
            pass


def listening(port: int, port_file: Path | None) -> socket.socket:
    """A socket on this machine only, already taking connections; its port is told in the file."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    if port_file is not None:
        unfinished = port_file.with_suffix(".part")
        unfinished.write_text(f"{listener.getsockname()[1]}\n")
        unfinished.replace(port_file)
    return listener


async def end_with_parent(server: uvicorn.Server) -> None:
    """Ends the server when the pipe that its starter holds closes, however the starter ended.

    A terminal or a file as standard input says nothing about anybody.
    """
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1_024):
        pass
    server.should_exit = True
