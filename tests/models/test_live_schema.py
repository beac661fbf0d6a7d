"""What the SQL files name is what a migrated database enforces, and what the models expect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.fields.base import Field
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from models import rows
from models.config import APPS
from server.embedded.postgres import DatabaseUrls

pytestmark = pytest.mark.usefixtures("database")

SQL: Final = "\n".join(
    re.sub(r"--.*", "", path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[2] / "migrations" / "sql").glob("*.sql"))
)

TYPES: Final = {
    "BigIntField": "bigint",
    "BinaryField": "bytea",
    "BooleanField": "boolean",
    "CharEnumFieldInstance": "text",
    "CharField": "text",
    "DateField": "date",
    "DatetimeField": "timestamp with time zone",
    "IntEnumFieldInstance": "smallint",
    "IntField": "integer",
    "JSONField": "jsonb",
    "SmallIntField": "smallint",
    "TextField": "text",
    "UUIDField": "uuid",
}


@pytest.fixture
async def live(database_urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    owner = await asyncpg.connect(database_urls.owner)
    yield owner
    await owner.close()


async def test_every_check_of_the_sql_has_a_name_and_is_enforced(live: asyncpg.Connection) -> None:
    named = re.findall(r"CONSTRAINT\s+(\w+)\s+CHECK\b", SQL)

    enforced = await live.fetch(
        "SELECT conname, convalidated, conenforced FROM pg_constraint "
        "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )

    assert len(named) == len(re.findall(r"\bCHECK\b", SQL))
    # A rule that was widened is in two files.
    assert sorted(row["conname"] for row in enforced) == sorted(set(named))
    assert all(row["convalidated"] and row["conenforced"] for row in enforced)


async def test_every_unique_rule_and_index_of_the_sql_is_there_and_valid(
    live: asyncpg.Connection,
) -> None:
    named = re.findall(r"CONSTRAINT\s+(\w+)\s+UNIQUE\b", SQL)
    named += re.findall(r"CREATE (?:UNIQUE )?INDEX (\w+)", SQL)

    indexes = await live.fetch(
        "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace "
        "AND i.indrelid <> 'tortoise_migrations'::regclass"
    )

    assert len(named) == len(re.findall(r"\bUNIQUE\b(?! INDEX)|(?<!DROP )\bINDEX\b", SQL))
    # One that was made anew is in two files.
    assert sorted(row["relname"] for row in indexes) == sorted(set(named))
    assert all(row["indisvalid"] for row in indexes)


async def test_every_trigger_of_the_sql_is_there_and_fires(live: asyncpg.Connection) -> None:
    named = re.findall(r"CREATE TRIGGER (\w+)\s[^;]*?\bON (\w+)", SQL)

    triggers = await live.fetch(
        "SELECT tgname, tgrelid::regclass::text AS place, tgenabled FROM pg_trigger "
        "WHERE NOT tgisinternal"
    )

    assert sorted((row["tgname"], row["place"]) for row in triggers) == sorted(named)
    assert {bytes(row["tgenabled"]) for row in triggers} == {b"O"}


async def test_every_function_and_type_of_the_sql_is_there(live: asyncpg.Connection) -> None:
    functions = re.findall(r"CREATE FUNCTION (\w+)", SQL)
    types = re.findall(r"CREATE TYPE (\w+)", SQL)
    left = Counter(functions + types) - Counter(re.findall(r"DROP FUNCTION (\w+)", SQL))

    made = await live.fetch(
        "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "UNION ALL SELECT relname FROM pg_class "
        "WHERE relkind = 'c' AND relnamespace = 'public'::regnamespace"
    )

    assert sorted(row["name"] for row in made) == sorted(left.elements())


async def test_every_column_of_the_models_is_a_column_of_the_tables(
    live: asyncpg.Connection,
) -> None:
    expected = {
        (model._meta.db_table, *_column(field))
        for model in _models()
        for field in model._meta.fields_map.values()
    }

    columns = await live.fetch(
        "SELECT attrelid::regclass::text AS place, attname, attnotnull, "
        "format_type(atttypid, atttypmod) AS type "
        "FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 "
        "AND NOT attisdropped AND relname <> 'tortoise_migrations'"
    )

    assert {
        (row["place"], row["attname"], row["type"], row["attnotnull"]) for row in columns
    } == expected


async def test_makemigrations_finds_nothing_that_changed() -> None:
    apps = Tortoise.apps
    assert apps is not None

    changes = await MigrationAutodetector(apps, APPS).changes()

    assert changes == []


def test_a_start_reads_no_models_source_for_comments() -> None:
    assert [model.__name__ for model in _models() if not issubclass(model, rows.Model)] == []


def _models() -> list[type[Model]]:
    assert Tortoise.apps is not None
    return list(Tortoise.apps["models"].values())


def _column(field: Field[object]) -> tuple[str, str, bool]:
    name = field.source_field or field.model_field_name
    return name, TYPES[type(field).__name__], not field.null
