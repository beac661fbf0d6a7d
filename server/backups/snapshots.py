"""One moment of a database: what a backup of it must hold, while others go on writing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from domain import key_uses
from domain.key_uses import KeyUse
from server.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was there at one moment; `name` opens the same moment to another connection."""

    name: str
    version: str
    major: int
    tables: Sequence[str]
    migrations: Sequence[str]
    facts: dict[str, Any]
    uses: Sequence[KeyUse]


@asynccontextmanager
async def taken(url: str) -> AsyncIterator[Snapshot]:
    """A snapshot of the database at `url`, which lasts as long as the block.

    Raises:
        Refused: there is no uPay in it.
    """
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            # It waits for the dump, which takes as long as it takes.
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            tables = await _tables(connection)
            if "tortoise_migrations" not in tables:
                raise Refused("There is no uPay in this database yet, so there is nothing to keep.")
            yield Snapshot(
                name=await connection.fetchval("SELECT pg_export_snapshot()"),
                version=await connection.fetchval("SHOW server_version"),
                major=connection.get_server_version().major,
                tables=tables,
                migrations=await _migrations(connection),
                facts=json.loads(await connection.fetchval(facts(tables))),
                uses=await _uses(connection, tables),
            )
    finally:
        await connection.close()


def facts(tables: Collection[str]) -> str:
    """SQL for what must be the same in a copy of these tables, as one jsonb."""
    rows = " UNION ALL ".join(
        f"SELECT {_text(table)} AS name, (SELECT count(*) FROM public.{_name(table)}) AS rows"  # noqa: S608
        for table in tables
    )
    wanted = {"rows": f"SELECT jsonb_object_agg(name, rows) FROM ({rows}) counted"}  # noqa: S608
    if "accounts" in tables:
        wanted["sums"] = (
            "SELECT jsonb_object_agg(currency, jsonb_build_object('debits', d, 'credits', c)) FROM "
            "(SELECT currency, sum(posted_debits)::text AS d, sum(posted_credits)::text AS c "
            "FROM public.accounts GROUP BY currency) summed"
        )
    if "chain_links" in tables:
        wanted["chain"] = (
            "SELECT jsonb_build_object('seq', seq, 'hash', encode(hash, 'hex')) "
            "FROM public.chain_links ORDER BY seq DESC LIMIT 1"
        )
    pairs = ", ".join(f"'{name}', ({sql})" for name, sql in wanted.items())
    return f"SELECT jsonb_build_object({pairs})"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _name(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


async def _tables(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    return [row["relname"] for row in rows]


async def _migrations(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("SELECT name FROM tortoise_migrations ORDER BY name")
    return [row["name"] for row in rows]


async def _uses(connection: asyncpg.Connection, tables: Collection[str]) -> list[KeyUse]:
    statement = key_uses.statement(tables)
    rows = await connection.fetch(statement) if statement else []
    return [KeyUse(**row) for row in rows]
