"""One uPay of two servers that share nothing but a PostgreSQL, a Redis and their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from tests.conftest import KEYRING
from tests.server.servers import Server, started
from tests.services import Valkey, free_port, valkey

SETTINGS: Mapping[str, str] = {
    "UPAY_MODE": "live",
    "UPAY_SECRET_KEYS": SecretKey(KEYRING.current, KEYRING.keys[KEYRING.current]).text,
    # More than any test asks for: what is counted is tried by itself.
    "UPAY_RATE_PERSON": "1000000",
}


@dataclass
class Site:
    """Two servers, each at an address of its own for as long as the site lasts."""

    redis: Valkey
    settings: Mapping[str, str]
    folders: tuple[Path, Path]
    program: str = "server"
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    servers: dict[int, Server] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def first(self) -> str:
        """Where the first server is, as `127.0.0.1:port`."""
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def second(self) -> str:
        return f"127.0.0.1:{self.ports[1]}"

    def start(self, number: int) -> None:
        """Starts one of the two, or starts it again; it may not answer yet."""
        starting = started(
            self.folders[number],
            program=self.program,
            **{**self.settings, "UPAY_PORT": str(self.ports[number])},
        )
        self.servers[number] = self._stack.enter_context(starting)

    def close(self) -> None:
        """Ends what is left of them."""
        self._stack.close()


@contextmanager
def two_servers(
    folder: Path, urls: DatabaseUrls, *, program: str = "server", **settings: str
) -> Iterator[Site]:
    """Both are started at once, as after a power cut, and answer."""
    with valkey() as redis:
        shared = {
            **SETTINGS,
            "UPAY_DATABASE_URL": urls.application,
            "UPAY_DATABASE_OWNER_URL": urls.owner,
            "UPAY_REDIS_URL": redis.url,
            **settings,
        }
        folders = (folder / "first", folder / "second")
        for each in folders:
            each.mkdir()
        site = Site(redis, shared, folders, program)
        try:
            for number in (0, 1):
                site.start(number)
            for server in site.servers.values():
                server.wait_until_it_answers()
            yield site
        finally:
            site.close()
