"""What every test may ask for: a real PostgreSQL, migrated, and a database of its own in it."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from domain import chart, ledger, passkeys, secrets
from domain.limits import policies
from models.database import connected
from realtime import bus
from server import limit_policies
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres, running
from server.migrating import migrate
from tests.moments import NOON

# Whoever runs the tests in the background may have taught us to ignore Ctrl-C; the processes that
# tests start must not inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TEMPLATE = "upay"
ROOMY_BYTES = 2**31
RELYING_PARTY = passkeys.RelyingParty.at("https://upay.test")
KEYRING = secrets.Keyring(current="test", keys={"test": bytes(range(32))})


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the run; its database `upay` is the migrated template of all others."""
    folder = Path(tempfile.mkdtemp(prefix="upay-tests-", dir=_quickest_place()))
    folder.chmod(0o755)
    try:
        with running(folder / "data", durable=False) as server:
            asyncio.run(_prepare_template(server.urls))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def database_urls(postgres: EmbeddedPostgres) -> AsyncIterator[DatabaseUrls]:
    """A database of the test's own, migrated, with nothing in it but the chart of accounts."""
    name = f"test_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    try:
        await owner.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        yield postgres.database_urls(name)
        await _dropped(owner, name)
    finally:
        await owner.close()


@pytest.fixture
async def database(database_urls: DatabaseUrls) -> AsyncIterator[DatabaseUrls]:
    """The test's database, connected as the application's role, with a bus in memory."""
    async with (
        connected(database_urls.application, pool_size=8, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        secrets.install(KEYRING)
        passkeys.install(RELYING_PARTY)
        try:
            yield database_urls
            await ledger.settled()
        finally:
            bus.install(None)
            secrets.install(None)
            passkeys.install(None)


async def _dropped(owner: asyncpg.Connection, name: str) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
            except asyncpg.InsufficientPrivilegeError:
                # A connection that has not yet said who it is belongs to nobody its owner may end.
                await asyncio.sleep(0.05)
            else:
                return


def _quickest_place() -> str:
    """Memory where it is roomy: a database of its own costs each test a tenth of what it would."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOMY_BYTES
    return str(memory) if is_roomy else "/tmp"  # noqa: S108


async def _prepare_template(urls: DatabaseUrls) -> None:
    await migrate(urls.owner, application="upay_app")
    async with connected(urls.application, pool_size=1):
        await chart.open_accounts(NOON)
        await policies.install(policies.parse(limit_policies.SHIPPED.read_text("utf-8")))
