"""A backup holds one moment of everything but the keys, and comes back whole."""

from __future__ import annotations

import asyncio
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg
import pyotp
import pytest

from domain import chain, ledger, pins, second_factors, verification
from models.database import connected
from models.people import Person
from models.wallets import Account
from server.backups import archives, making, manifests
from server.embedded.postgres import DatabaseUrls
from server.refusals import Refused
from tests.domain import orders
from tests.moments import NOON
from tests.server import backups

SQL: Final = Path(__file__).parents[2] / "migrations" / "sql"
FOUNDATION: Final = [(SQL / f"0001_{name}.sql").read_text() for name in ("tables", "ledger")]


async def test_a_backup_made_while_money_moves_comes_back_whole(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    moving = asyncio.create_task(_keep_paying(*couple))

    manifest = await backups.made(path, database)
    moving.cancel()
    await asyncio.wait([moving])
    await backups.restore(path, empty)

    assert await backups.facts(empty) == manifest.facts
    assert await _wrong(empty) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [path.name]


async def test_who_had_a_pin_and_a_second_factor_still_has_them(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path, ada = tmp_path / "upay.backup", await Person.get(account_name="ada")
    secret = await second_factors.enrol(ada.id, NOON)
    await backups.made(path, database)

    await backups.restore(path, empty)

    async with connected(empty.application, pool_size=2):
        await pins.prove(ada.id, backups.PIN, NOON)
        assert await second_factors.accept(ada.id, pyotp.TOTP(secret).at(NOON), NOON)


async def test_the_manifest_names_the_keys_and_holds_none(
    couple: tuple[Account, Account], database: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"

    manifest = await backups.made(path, database)

    [needed] = manifest.keys
    words = path.read_bytes()
    assert (needed.id, needed.uses) == ("b", {"pins": 1, "totps": 1})
    assert needed.fingerprint == manifests.fingerprint(backups.KEYS[0])
    assert not any(key.value in words or key.text.encode() in words for key in backups.KEYS)
    with archives.opened(path) as archive:
        assert archive.manifest == manifest


async def test_a_key_that_was_lost_before_the_backup_is_not_asked_for(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path, left = tmp_path / "upay.backup", backups.KEYS[1:]
    manifest = await making.make(path, database.owner, keys=left, mode="test", now=NOON)

    await backups.restore(path, empty, with_keys=left)

    assert [(key.id, key.fingerprint is None) for key in manifest.keys] == [
        ("a", False),
        ("b", True),
    ]
    assert await backups.facts(empty) == manifest.facts


async def test_a_backup_from_before_an_upgrade_is_migrated(
    empty: DatabaseUrls, database: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    earlier = await asyncpg.connect(empty.owner)
    for words in FOUNDATION:
        await earlier.execute(words)
    await earlier.execute(
        "CREATE TABLE tortoise_migrations (id serial PRIMARY KEY, app text NOT NULL, "
        "name text NOT NULL, applied_at timestamptz NOT NULL, UNIQUE (app, name)); "
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "VALUES ('models', '0001_foundation', now())"
    )
    manifest = await backups.made(path, empty)
    await earlier.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await earlier.execute("GRANT USAGE ON SCHEMA public TO upay_app")
    await earlier.close()

    await backups.restore(path, empty)

    assert list(manifest.migrations) == ["0001_foundation"]
    assert await backups.tables(empty) == await backups.tables(database)


async def test_a_full_disk_leaves_no_half_file(
    couple: tuple[Account, Account], database: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"

    with _room_for(20_000), pytest.raises(Refused, match=r"cannot be written \(File too large\)"):
        await backups.made(path, database)

    assert os.listdir(tmp_path) == []


async def test_a_backup_replaces_nothing(
    couple: tuple[Account, Account], database: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    path.write_text("the only other one")

    with pytest.raises(Refused, match="is there already, and a backup replaces nothing"):
        await backups.made(path, database)

    assert path.read_text() == "the only other one"


async def test_of_an_empty_database_there_is_no_backup(empty: DatabaseUrls, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no uPay in this database yet"):
        await backups.made(tmp_path / "upay.backup", empty)

    assert os.listdir(tmp_path) == []


async def _keep_paying(source: Account, target: Account) -> None:
    for _ in range(10_000):
        await ledger.post(orders.pay(source, target, 1))


async def _wrong(urls: DatabaseUrls) -> list[str]:
    """What verifying the restored books finds, once what waited for its seal has it."""
    async with connected(urls.application, pool_size=2):
        while not (await chain.seal(datetime.now(UTC))).is_all:
            pass
        return [each.says async for each in verification.verify(datetime.now(UTC)) if each.wrong]


@contextmanager
def _room_for(length: int) -> Iterator[None]:
    """No file of this process grows beyond `length` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
