"""The database a process works on: uPay's own, or one that the operator runs."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import asyncpg

from server.embedded import accounts, binaries
from server.embedded.clusters import Cluster
from server.embedded.first_starts import APPLICATION, DATABASE, OWNER
from server.embedded.postgres import DatabaseUrls, running
from server.refusals import Refused
from server.settings import Settings

LEAST_MAJOR_VERSION: Final = 15
PATIENCE_SECONDS: Final = 20.0
PAUSE_SECONDS: Final = 0.5
ANSWER_SECONDS: Final = 5.0

# What passes while a database is still starting.
_PASSING: Final = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TooManyConnectionsError,
)


@contextmanager
def opened(settings: Settings, folder: Path | None) -> Iterator[DatabaseUrls]:
    """The database these settings name, during the block; uPay's own runs just that long.

    Raises:
        EmbeddedPostgresRefused: uPay's own cannot run in `folder`, or another uPay has it.
    """
    if settings.database_url is None:
        assert folder is not None, "the embedded database has a folder"
        with running(folder) as postgres:
            yield postgres.urls
    else:
        owner = settings.database_owner_url or settings.database_url
        yield DatabaseUrls(owner=owner, application=settings.database_url)


def is_in_use(folder: Path) -> bool:
    """Whether another uPay is using the embedded database in `folder`."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def joined(folder: Path) -> DatabaseUrls:
    """How to reach the embedded database that another uPay is running in `folder`.

    Raises:
        Refused: it is not yet ready, or just stopping.
        EmbeddedPostgresRefused: its passwords are not to be had.
    """
    account = accounts.unprivileged()
    cluster = Cluster(folder / "postgres", account, binaries.runnable(account, folder))
    place = f"127.0.0.1:{_port(cluster)}/{quote(DATABASE, safe='')}"
    passwords = cluster.passwords()
    return DatabaseUrls(
        owner=f"postgres://{OWNER}:{passwords.owner}@{place}",
        application=f"postgres://{APPLICATION}:{passwords.application}@{place}",
    )


def granted_role(urls: DatabaseUrls) -> str | None:
    """The role that the owner's tables are granted to; None when one role does both."""
    application = role(urls.application)
    return None if application == role(urls.owner) else application


async def answering(url: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Returns when PostgreSQL answers at `url`; says once a second or so that it is waited for.

    Raises:
        Refused: it does not answer in time, lets nobody in, or is too old.
    """
    give_up_at = time.monotonic() + patience_seconds
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=ANSWER_SECONDS)
        except _PASSING as error:
            if time.monotonic() > give_up_at:
                raise _silent(url, patience_seconds, error) from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise _closed(url, error) from error
        else:
            return await _refuse_too_old(url, connection)
        print(f"waiting for PostgreSQL at {place(url)}", flush=True)
        await asyncio.sleep(PAUSE_SECONDS)


async def refuse_powerless(url: str) -> None:
    """Raises:
    Refused: the role in `url` may not make tables, so it cannot migrate.
    """
    connection = await asyncpg.connect(url, timeout=ANSWER_SECONDS)
    try:
        may_create = await connection.fetchval(
            "SELECT has_schema_privilege(current_schema(), 'CREATE')"
        )
    finally:
        await connection.close()
    if not may_create:
        raise Refused(
            f"The role {role(url)} may not make tables at {place(url)}: set "
            "UPAY_DATABASE_OWNER_URL to the same database as the role that owns it."
        )


def role(url: str) -> str:
    """Who a database is opened as."""
    return unquote(urlsplit(url).username or "")


def place(url: str) -> str:
    """Where a database is, without who it is opened as."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"


def _port(cluster: Cluster) -> int:
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        lines = []
    if len(lines) < 8 or lines[7].strip() != "ready":
        raise Refused(
            f"Another uPay is just starting or stopping in {cluster.home.parent}: "
            "try again in a moment."
        )
    return int(lines[3])


async def _refuse_too_old(url: str, connection: asyncpg.Connection) -> None:
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    if major < LEAST_MAJOR_VERSION:
        raise Refused(
            f"PostgreSQL at {place(url)} is version {major}: uPay needs {LEAST_MAJOR_VERSION} or "
            "newer."
        )


def _silent(url: str, seconds: float, error: BaseException) -> Refused:
    return Refused(
        f"PostgreSQL at {place(url)} gave no answer in {seconds:g} s ({_reason(error)}): start it, "
        "or correct UPAY_DATABASE_URL."
    )


def _closed(url: str, error: Exception) -> Refused:
    return Refused(
        f"PostgreSQL at {place(url)} lets nobody in ({_reason(error)}): correct UPAY_DATABASE_URL "
        "or UPAY_DATABASE_OWNER_URL."
    )


def _reason(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
