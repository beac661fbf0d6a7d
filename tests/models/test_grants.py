"""The application can add to what is kept for ever, and neither change it nor its guards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest

from server.embedded.postgres import DatabaseUrls
from tests.domain import business

KEPT_FOR_EVER: Final = {
    "audit_records": "reason = 'another'",
    "chain_anchors": "postings = 0",
    "chain_links": "entries = 0",
    "entries": "posted = 0",
    "postings": "currency = 'USD'",
    "provider_messages": "kind = 'another'",
}


@pytest.fixture
async def application(database: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    await business.done()
    connection = await asyncpg.connect(database.application)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(database: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.owner)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", KEPT_FOR_EVER)
async def test_the_application_cannot_change_what_is_kept_for_ever(
    application: asyncpg.Connection, table: str
) -> None:
    before = await application.fetch(f"SELECT * FROM {table}")

    for statement in (
        f"UPDATE {table} SET {KEPT_FOR_EVER[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"ALTER TABLE {table} DISABLE TRIGGER {table}_insert_only",
        f"DROP TRIGGER {table}_insert_only ON {table}",
        f"CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"ALTER TABLE {table} OWNER TO CURRENT_USER",
        f"DROP TABLE {table}",
    ):
        await _refused(application, statement)

    # PostgreSQL only warns of a grant that gives nothing.
    await application.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
    await _refused(application, f"DELETE FROM {table}")
    assert await application.fetch(f"SELECT * FROM {table}") == before


@pytest.mark.parametrize("table", KEPT_FOR_EVER)
async def test_guards_refuse_even_whoever_owns_them(
    application: asyncpg.Connection, owner: asyncpg.Connection, table: str
) -> None:
    await owner.execute(
        "INSERT INTO provider_messages VALUES (gen_random_uuid(), 'p', 'k', NULL, '{}', now())"
    )

    for statement in (
        f"UPDATE {table} SET {KEPT_FOR_EVER[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await owner.execute(statement)
        assert refused.value.sqlstate == "UP002"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int) INHERITS (postings)",
        "CREATE VIEW public.mine AS SELECT 1",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'",
        "CREATE OR REPLACE FUNCTION await_seal() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NULL; END'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "ALTER TABLE chain_links DROP CONSTRAINT chain_links_subject_key",
        "ALTER TABLE unsealed ADD COLUMN mine int",
        "UPDATE tortoise_migrations SET name = 'another'",
        "DELETE FROM tortoise_migrations",
        "SET session_replication_role = replica",
        "SET ROLE upay_owner",
        "COPY postings TO PROGRAM 'true'",
    ],
)
async def test_the_application_makes_and_alters_nothing(
    application: asyncpg.Connection, statement: str
) -> None:
    await _refused(application, statement)


async def _refused(connection: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(statement)
    assert refused.value.sqlstate in {"42501", "42809", "0LP01"}, refused.value
