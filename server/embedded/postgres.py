"""uPay's own PostgreSQL: started with the server, stopped with it, reached by nobody else."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

from server.embedded import accounts, binaries, first_starts, folders, parameters, postmasters
from server.embedded.clusters import Cluster, Passwords
from server.embedded.first_starts import APPLICATION, DATABASE, OWNER
from server.embedded.folders import data_folder
from server.embedded.postmasters import Postmaster
from server.embedded.refusals import EmbeddedPostgresRefused

__all__ = [
    "DatabaseUrls",
    "EmbeddedPostgres",
    "EmbeddedPostgresRefused",
    "data_folder",
    "running",
]


@dataclass(frozen=True)
class DatabaseUrls:
    """How to reach one database as either role; both hold a password, so neither is in a repr."""

    owner: str = field(repr=False)
    """Owns the tables and migrates; may make databases, is no superuser."""
    application: str = field(repr=False)
    """What the server works as: uses what it was granted, defines nothing."""


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator["EmbeddedPostgres"]:
    """PostgreSQL runs on the data folder during the block, and stops however the block ends."""
    database = EmbeddedPostgres.start(data, durable=durable)
    try:
        yield database
    finally:
        database.stop()


class EmbeddedPostgres:
    """A running PostgreSQL that belongs to this process.

    `durable=False` is for test runs: as fast as the machine allows, lost when the machine stops.
    """

    def __init__(self, postmaster: Postmaster, passwords: Passwords, ending: ExitStack) -> None:
        self._postmaster = postmaster
        self._passwords = passwords
        self._ending = ending

    @classmethod
    def start(cls, data: Path, *, durable: bool = True) -> Self:
        """Starts PostgreSQL on the data folder, making both when absent; prefer `running`.

        Raises:
            EmbeddedPostgresRefused: it cannot run there, or another uPay is using the folder.
        """
        account = accounts.unprivileged()
        folder = folders.prepare(data, account)
        with ExitStack() as undo:
            undo.enter_context(folders.locked(folder, account))
            cluster = Cluster(folder / "postgres", account, binaries.runnable(account, folder))
            if not cluster.home.exists():
                first_starts.make(cluster, durable=durable)
            cluster.refuse_what_cannot_run()
            passwords = cluster.passwords()
            settings = parameters.DURABLE if durable else parameters.FORGETFUL
            postmaster = postmasters.start(cluster, settings)
            undo.callback(postmaster.stop)
            return cls(postmaster, passwords, undo.pop_all())

    @property
    def urls(self) -> DatabaseUrls:
        """How to reach uPay's database."""
        return self.database_urls(DATABASE)

    @property
    def pid(self) -> int:
        """The process number of PostgreSQL."""
        return self._postmaster.process.pid

    @property
    def is_running(self) -> bool:
        """False once it ended, also by itself: its address may then be somebody else's."""
        return self._postmaster.process.poll() is None

    def database_urls(self, name: str) -> DatabaseUrls:
        """How to reach another database of this PostgreSQL, such as a test's clone."""
        place = f"127.0.0.1:{self._postmaster.port}/{quote(name, safe='')}"
        return DatabaseUrls(
            owner=f"postgres://{OWNER}:{self._passwords.owner}@{place}",
            application=f"postgres://{APPLICATION}:{self._passwords.application}@{place}",
        )

    def stop(self) -> None:
        """Stops PostgreSQL, then lets the data folder go; stopping again changes nothing."""
        self._ending.close()
