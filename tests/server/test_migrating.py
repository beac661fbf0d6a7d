"""A database is brought up to the code once, whole or not at all, whoever starts together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from tortoise.migrations.recorder import MigrationRecorder

from models import config
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.migrating import DatabaseIsNewer, migrate, missing_migrations

ALL: Final = sorted(path.stem for path in (Path(__file__).parents[2] / "migrations").glob("0*.py"))
INSERT_ONLY: Final = {
    "audit_records",
    "chain_anchors",
    "chain_links",
    "entries",
    "house_marks",
    "postings",
    "provider_messages",
}
RIGHTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[DatabaseUrls]:
    """A database nobody has migrated."""
    name = f"empty_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    try:
        await owner.execute(f"CREATE DATABASE {name}")
        yield postgres.database_urls(name)
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()


@pytest.fixture
async def owner(empty: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(empty.owner)
    yield connection
    await connection.close()


async def test_an_empty_database_is_migrated_once(empty: DatabaseUrls) -> None:
    before = await missing_migrations(empty.owner)

    first = await migrate(empty.owner)
    second = await migrate(empty.owner)

    assert before == ALL
    assert first == ALL
    assert second == []
    assert await missing_migrations(empty.owner) == []


async def test_two_servers_that_start_together_both_find_a_migrated_database(
    empty: DatabaseUrls, owner: asyncpg.Connection
) -> None:
    applied = await asyncio.gather(
        migrate(empty.owner, application="upay_app"), migrate(empty.owner, application="upay_app")
    )

    assert sorted(applied) == [[], ALL]
    assert await _records(owner) == ALL


async def test_a_migration_and_its_record_are_one_transaction(
    empty: DatabaseUrls, owner: asyncpg.Connection
) -> None:
    await migrate(empty.owner)

    made = await owner.fetchval(
        "SELECT xmin::text FROM pg_constraint WHERE conname = 'accounts_stay_above_the_floor'"
    )
    recorded = await owner.fetchval("SELECT xmin::text FROM tortoise_migrations")
    assert made == recorded


async def test_a_migration_that_ends_before_its_record_leaves_nothing_behind(
    empty: DatabaseUrls, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end(self: MigrationRecorder, app: str, name: str) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(MigrationRecorder, "record_applied", end)

    with pytest.raises(ConnectionResetError):
        await migrate(empty.owner)

    monkeypatch.undo()
    assert await _tables(owner) == {"tortoise_migrations"}
    assert await _records(owner) == []
    assert await migrate(empty.owner) == ALL


async def test_a_migration_may_take_longer_than_a_request_may(
    empty: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "COMMAND_SECONDS", 0.001)

    applied = await migrate(empty.owner)

    assert applied == ALL


async def test_a_database_of_a_newer_upay_is_left_alone(
    empty: DatabaseUrls, owner: asyncpg.Connection
) -> None:
    await migrate(empty.owner)
    await owner.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "VALUES ('models', '0999_from_the_future', '2026-03-02')"
    )
    before = await _tables(owner)

    with pytest.raises(DatabaseIsNewer) as migrating:
        await migrate(empty.owner)
    with pytest.raises(DatabaseIsNewer) as asking:
        await missing_migrations(empty.owner)

    assert str(migrating.value) == str(asking.value)
    assert str(migrating.value) == (
        "The database knows the migration 0999_from_the_future, which this uPay does not: it was "
        "migrated by a newer version. Start that version, or restore a backup made by this one."
    )
    assert await _tables(owner) == before
    assert await _records(owner) == [*ALL, "0999_from_the_future"]


async def test_the_application_may_ask_what_is_missing_before_and_after(
    empty: DatabaseUrls, owner: asyncpg.Connection
) -> None:
    before = await missing_migrations(empty.application)
    tables = await _tables(owner)

    await migrate(empty.owner, application="upay_app")

    assert before == ALL
    assert tables == set()
    assert await missing_migrations(empty.application) == []


async def test_the_application_is_granted_what_it_needs_and_no_more(
    empty: DatabaseUrls, owner: asyncpg.Connection
) -> None:
    await migrate(empty.owner, application="upay_app")

    for table in await _tables(owner):
        assert await _rights(owner, table) == _granted(table)


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TYPE mine AS (id int)",
        "CREATE INDEX mine ON accounts (currency)",
        "CREATE TRIGGER mine BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION insert_only()",
        "CREATE SCHEMA mine",
        "ALTER TABLE accounts DROP CONSTRAINT accounts_stay_above_the_floor",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "ALTER FUNCTION insert_only() RENAME TO mine",
        "DROP TRIGGER entries_insert_only ON entries",
        "DROP TABLE jobs",
        "SET session_replication_role = replica",
        "SET ROLE upay_owner",
    ],
)
async def test_the_application_defines_nothing(empty: DatabaseUrls, definition: str) -> None:
    await migrate(empty.owner, application="upay_app")
    application = await asyncpg.connect(empty.application)

    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(definition)
    finally:
        await application.close()


async def _tables(owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def _records(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("SELECT name FROM tortoise_migrations ORDER BY name")
    return [row["name"] for row in rows]


async def _rights(owner: asyncpg.Connection, table: str) -> set[str]:
    return {
        right
        for right in RIGHTS
        if await owner.fetchval("SELECT has_table_privilege('upay_app', $1, $2)", table, right)
    }


def _granted(table: str) -> set[str]:
    if table == "tortoise_migrations":
        return {"SELECT"}
    if table in INSERT_ONLY:
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "UPDATE", "DELETE"}
