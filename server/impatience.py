"""HTTP connections that nobody waits for without end: who asks does so soon, and briefly."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS: Final = 10.0
HEADERS_BYTES: Final = 32_768

_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's, with a limit to how long and how large the head of a request may be.

    How long a connection may rest between two requests, and how long a body may take, is limited
    elsewhere (`timeout_keep_alive`, `server.requests`).
    """

    headers_seconds = HEADERS_SECONDS

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._head_timer is None:
            self._await_head()

    def on_url(self, url: bytes) -> None:
        if self._has_room(len(url)):
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._has_room(len(name) + len(value)):
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_is_there()
        if not self.transport.is_closing():
            super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.headers_seconds, self.transport.close)

    def _head_is_there(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _has_room(self, more: int) -> bool:
        self._head_bytes += more
        if self._head_bytes <= HEADERS_BYTES:
            return True
        if not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()
        return False
