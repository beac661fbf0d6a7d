"""A database from before there were limits goes on: what left then counts for nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest

from models.ids import new_id
from server.embedded.postgres import EmbeddedPostgres

SQL: Final = Path(__file__).parents[2] / "migrations" / "sql"
BEFORE: Final = sorted(path for path in SQL.glob("*.sql") if path.name < "0006")
TODAYS: Final = (
    "SELECT level, spent_on, spent_day, spent_month, spent_year, payments_day, "
    "own_single, own_day, own_month FROM accounts"
)


@pytest.fixture
async def old(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """A database as uPay had it before limits."""
    name = f"old_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(f"CREATE DATABASE {name}")
    connection = await asyncpg.connect(postgres.database_urls(name).owner)
    # The tables come before what works on them.
    for path in sorted(BEFORE, key=lambda path: (path.name[:4], "tables" not in path.name)):
        await connection.execute(path.read_text("utf-8"))
    yield connection
    await connection.close()
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


async def test_wallets_and_movements_from_before_have_spent_nothing_and_have_no_own_limits(
    old: asyncpg.Connection,
) -> None:
    ada, movement = await _lived(old)

    await old.execute((SQL / "0006_limits.sql").read_text("utf-8"))

    assert [tuple(row) for row in await old.fetch(TODAYS)] == [
        (0, None, 0, 0, 0, 0, None, None, None)
    ] * 2
    assert await old.fetchval("SELECT level FROM people WHERE id = $1", ada) == 0
    assert await old.fetchval("SELECT counted_on FROM movements WHERE id = $1", movement) is None


async def _lived(old: asyncpg.Connection) -> tuple[object, object]:
    """Ada and bob have wallets, and she has paid him."""
    people = [new_id(), new_id()]
    wallets = [new_id(), new_id()]
    for id, name, wallet in zip(people, ("ada", "bob"), wallets, strict=True):
        await old.execute(
            "INSERT INTO people (id, account_name, display_name, role, locale, time_zone, "
            "password_hash, created_at) VALUES ($1, $2, $2, 'customer', 'en', 'UTC', '!', now())",
            id,
            name,
        )
        await old.execute(
            "INSERT INTO accounts (id, kind, normal_side, currency, owner_id, floor, opened_at) "
            "VALUES ($1, 'wallet', 'C', 'CNY', $2, 0, now())",
            wallet,
            id,
        )
    movement = new_id()
    await old.execute(
        "INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, "
        "currency, created_at, settled_at) "
        "VALUES ($1, 'transfer', 'completed', $2, $3, $4, 5, 'CNY', now(), now())",
        *(movement, people[0], *wallets),
    )
    return people[0], movement
