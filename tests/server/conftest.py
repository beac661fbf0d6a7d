"""Folders for servers that run as an operator runs them."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from domain import pins, second_factors, secrets
from models.wallets import Account
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.keys import keyring
from tests import factories
from tests.moments import NOON
from tests.server import backups
from tests.server.servers import serving


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty one, where PostgreSQL's account may go too should root run the tests."""
    return _open_folder(tmp_path_factory)


@pytest.fixture
def town(_town: Path, folder: Path) -> Path:
    """One with the data of a demo that was started once, and stopped."""
    subprocess.run(["cp", "-a", _town / "upay-data", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _open_folder(tmp_path_factory)
    with serving(folder) as server:
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
    return folder


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[DatabaseUrls]:
    """A database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    try:
        await owner.execute(f"CREATE DATABASE {name}")
        yield postgres.database_urls(name)
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()


@pytest.fixture
async def couple(database: DatabaseUrls) -> tuple[Account, Account]:
    """The wallets of ada, who has a PIN and a second factor, and of bob; kept with `KEYS`."""
    secrets.install(keyring(backups.KEYS))
    ada, bob = await factories.person("ada"), await factories.person("bob")
    await pins.set_pin(ada.id, backups.PIN, NOON)
    await second_factors.enrol(ada.id, NOON)
    return await factories.wallet(ada, holds=100_000), await factories.wallet(bob)


def _open_folder(factory: pytest.TempPathFactory) -> Path:
    folder = factory.mktemp("upay")
    # PostgreSQL's own user passes through each of them; how many there are is pytest's business.
    ours = [folder, *folder.parents]
    for parent in ours[: ours.index(Path(tempfile.gettempdir()))]:
        parent.chmod(0o755)
    return folder
