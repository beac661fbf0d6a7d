"""Histories as they would be after years, written in bulk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks.worlds import OPENED_AT, Resident, World

_TABLES: Final = ("movements", "postings", "entries")
_FOREIGN: Final = """
    SELECT conrelid::regclass::text AS place, quote_ident(conname) AS name,
           pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::text[]::regclass[])
"""


async def short(world: World, *, steps: int = 24) -> None:
    """Everybody has paid twelve neighbours and was paid back: 48 movements each, 24 their own."""
    crowd = world.residents
    async with _written(world) as connection:
        for place, resident in enumerate(crowd):
            others = [crowd[(place + step) % len(crowd)] for step in range(1, steps // 2 + 1)]
            await _write(connection, resident, others, steps)


async def newcomers(world: World, *, entries: int) -> Resident:
    """The newcomer, paid by one person and paying back until their wallet has so many entries."""
    async with _written(world) as connection:
        await _write(connection, world.residents[0], [world.newcomer], entries)
    return world.newcomer


async def long(world: World, *, entries: int) -> Resident:
    """The merchant, whose wallet then has so many entries, half of them payments it received."""
    async with _written(world) as connection:
        await _write(connection, world.merchant, world.residents, entries)
    return world.merchant


@asynccontextmanager
async def _written(world: World) -> AsyncIterator[asyncpg.Connection]:
    """Foreign keys rest meanwhile: they would look up a million rows that are right."""
    connection = await asyncpg.connect(world.postgres.urls.owner)
    try:
        foreign = await connection.fetch(_FOREIGN, list(_TABLES))
        for key in foreign:
            await connection.execute(f"ALTER TABLE {key['place']} DROP CONSTRAINT {key['name']}")
        yield connection
        for key in foreign:
            # What is there was right and is not looked at again; whatever comes is.
            added = f"ALTER TABLE {key['place']} ADD CONSTRAINT {key['name']} {key['definition']}"
            await connection.execute(f"{added} NOT VALID")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _write(
    connection: asyncpg.Connection, payer: Resident, others: Sequence[Resident], steps: int
) -> None:
    wallets: list[UUID] = [other.wallet_id for other in others if other is not payer]
    await connection.execute(
        "SELECT write_history($1, $2, $3, $4, $5)",
        *(payer.person_id, payer.wallet_id, wallets, steps, OPENED_AT),
    )
