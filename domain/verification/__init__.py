"""Proving the books: all of it recomputed in one snapshot, also while others go on writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

import asyncpg

from domain.verification import (
    accounts,
    journal,
    links,
    movements,
    payments,
    seals,
    settlements,
    spending,
    streams,
)
from domain.verification.checks import Check, Finding, Wrong
from models.chain import ChainAnchor
from models.database import client

__all__ = ["Finding", "Wrong", "verify"]

CHECKS: Final[tuple[Check, ...]] = (
    *journal.CHECKS,
    *accounts.CHECKS,
    *movements.CHECKS,
    *payments.CHECKS,
    *spending.CHECKS,
    *streams.CHECKS,
    *seals.CHECKS,
    *settlements.CHECKS,
)

# What sorts and hashes goes to the disk when it grows; what goes through one table for each row of
# another, because it took one of them for small, does not end.
_SETTINGS: Final = """
    SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_nestloop = off
"""


async def verify(now: datetime, exported: Sequence[ChainAnchor] = ()) -> AsyncIterator[Finding]:
    """Says of one thing after the other whether it is right, and if not, its first wrong row.

    Everything is read in one transaction that can only read, so others go on writing. `exported`
    are anchors kept elsewhere. For a connection that lets a statement take its time.
    """
    async with (
        client().pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(_SETTINGS)
        counts: dict[str, int] = {}
        for check in CHECKS:
            if check.table not in counts:
                counts[check.table] = await _count(connection, check.table)
            found = await connection.fetchrow(check.sql, *([now] if check.asks_when else []))
            yield Finding(check.says, check.table, counts[check.table], found and Wrong(**found))
        for finding in await links.walked(connection, exported):
            yield finding


async def _count(connection: asyncpg.Connection, table: str) -> int:
    count: int = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
    return count
