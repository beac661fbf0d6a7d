"""Secrets that were said somewhere, and whether any of them can be read where it must not be."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg

from server import databases


class Secrets:
    """What must stay secret, in every spelling somebody might have written it in."""

    def __init__(self) -> None:
        self._spellings: dict[str, tuple[str, str]] = {}
        self._digits: dict[str, str] = {}
        self._values: set[str | bytes] = set()

    def add(self, name: str, value: str | bytes) -> str:
        """Remembers a secret; six digits count only where they are no part of a longer word."""
        self._values.add(value)
        text = value if isinstance(value, str) else ""
        if re.fullmatch(r"\d{6}", text):
            self._digits[text] = name
            return text
        raw = value.encode() if isinstance(value, str) else value
        for kind, spelling in _spellings(raw):
            self._spellings[spelling] = (name, kind)
        return text

    def found(self, places: Mapping[str, str]) -> list[str]:
        """Which secret is where, and how it is spelt there; not the secret itself."""
        found = []
        for place, text in places.items():
            for spelling, (name, kind) in self._spellings.items():
                if spelling in text:
                    found.append(f"{name} ({kind}) in {place}")
            for digits, name in self._digits.items():
                if re.search(rf"(?<![0-9A-Za-z.]){digits}(?![0-9A-Za-z])", text):
                    found.append(f"{name} in {place}")
        return found

    def __len__(self) -> int:
        return len(self._values)


def _spellings(raw: bytes) -> Iterator[tuple[str, str]]:
    yield "hex", raw.hex()
    yield "HEX", raw.hex().upper()
    for name, encoded in (
        ("base64", base64.b64encode(raw)),
        ("base64url", base64.urlsafe_b64encode(raw)),
        ("base32", base64.b32encode(raw)),
    ):
        yield name, encoded.decode().rstrip("=")
    yield "repr", repr(raw)[2:-1]
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    yield "plain", text
    yield "quoted", quote(text, safe="")
    yield "json", json.dumps(text)[1:-1]


class Collector:
    """Where traces are sent to; it keeps whatever comes."""

    def __init__(self, url: str, bodies: list[bytes]) -> None:
        self.url = url
        self._bodies = bodies

    @property
    def text(self) -> str:
        """All of it; what is no text in it stands there as escapes."""
        return b"\n".join(self._bodies).decode(errors="backslashreplace")


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector listens on this machine during the block."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield Collector(f"http://127.0.0.1:{server.server_port}", bodies)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def kept_in(secrets: Secrets, folder: Path) -> None:
    """Adds what an embedded server keeps for itself: its keys, and its passwords of others."""
    data = folder / "upay-data"
    secrets.add("the provider's secret", (data / "simulator-secret").read_text().strip())
    urls = databases.joined(data)
    for name, url in (("owner", urls.owner), ("application", urls.application)):
        password = urlsplit(url).password
        assert password
        secrets.add(f"the database's password of the {name}", password)
    for key in _texts(json.loads((data / "keys.json").read_text())):
        encoded = key.rpartition(":")[2]
        if len(encoded) >= 40:
            secrets.add("a server key", base64.b64decode(encoded))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


async def dumped(folder: Path) -> str:
    """Every row of every table as text."""
    connection = await asyncpg.connect(databases.joined(folder / "upay-data").owner)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        rows = []
        for (name,) in names:
            found = await connection.fetch(f"SELECT t::text FROM {name} t")
            rows += [f"{name}: {row[0]}" for row in found]
        return "\n".join(rows)
    finally:
        await connection.close()


def command_lines(pids: list[int]) -> str:
    """What anybody on this machine may read of these processes."""
    texts = []
    for pid in pids:
        file = Path(f"/proc/{pid}/cmdline")
        if file.exists():
            texts.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(texts)
