"""The chain: each posting and audit record gets a number and a hash over all that came before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
from tortoise.connection import get_connection

from domain.chain import anchors
from domain.chain.contents import CONTENT, link_hash, moment
from domain.decisions import decision
from models.chain import ChainAnchor, ChainLink

__all__ = ["FIRST", "LAG", "MAX_BATCH", "Sealed", "lag", "seal"]

MAX_BATCH: Final = 500
"""While a batch is read and hashed, for some two milliseconds, this process does nothing else."""

FIRST: Final = hashlib.sha256(b"uPay").digest()
"""What stands before the first link."""

_LOCK: Final = 0x7365616C  # "seal": two sealers at once would give one number twice.

# Whatever waits is taken, also what is sealed already or is not there: the application may write
# to this table, and a row that fits nothing must not keep the others waiting.
_TAKE: Final = f"""
    WITH taken AS (
        DELETE FROM unsealed WHERE ctid = ANY (ARRAY(SELECT ctid FROM unsealed LIMIT $1))
        RETURNING kind, subject_id
    )
    SELECT s.kind, s.subject_id, sha256(c.content) AS digest, c.entries,
           EXISTS (SELECT 1 FROM chain_links l WHERE l.subject_id = s.subject_id) AS is_sealed
    FROM taken s LEFT JOIN LATERAL ({CONTENT}) c ON true ORDER BY s.subject_id
"""  # noqa: S608 - constants
# Plans are kept: one that was made while the chain was short must not read all of a long one.
_BEGIN: Final = """
    SELECT pg_try_advisory_xact_lock($1) AS is_the_only_one,
           set_config('enable_seqscan', 'off', true)
"""
_COLUMNS: Final = ("seq", "sealed_at", "kind", "subject_id", "entries", "hash")
LAG: Final = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS seconds
    FROM unsealed
"""
"""Asks what `lag` answers, for whoever has a connection of their own."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one call did: whether more is waiting, and the anchor if it closed a day."""

    links: int = 0
    is_all: bool = True
    anchor: ChainAnchor | None = None


async def seal(now: datetime) -> Sealed:
    """Gives up to `MAX_BATCH` of what was committed their links, in one decision.

    Before the first link of another day (UTC) the day before is closed by an anchor. Does nothing
    while another process is sealing: there is one sealer at a time, whoever it is.
    """
    async with decision():
        [begun] = await _asked(_BEGIN, [_LOCK])
        if not begun["is_the_only_one"]:
            return Sealed()
        last = await ChainLink.all().order_by("-seq").first()
        anchor = await anchors.close_day(last, now) if last else None
        taken = await _asked(_TAKE, [MAX_BATCH])
        added = await _add(last, taken, now)
    return Sealed(added, is_all=len(taken) < MAX_BATCH, anchor=anchor)


async def lag() -> float:
    """How long the oldest of what waits has been waiting, in seconds; 0 when nothing does."""
    [row] = await _asked(LAG, [])
    return float(row["seconds"])


async def _add(last: ChainLink | None, taken: Sequence[asyncpg.Record], now: datetime) -> int:
    # Two processes' clocks may differ, and the days of the chain must not run backwards.
    sealed_at = max(now, last.sealed_at) if last else now
    seq, previous = (last.seq, last.hash) if last else (0, FIRST)
    fresh = {
        row["subject_id"]: row for row in taken if row["digest"] and not row["is_sealed"]
    }.values()
    links, at = [], moment(sealed_at)
    for row in fresh:
        seq += 1
        previous = link_hash(previous, seq, at, row["digest"])
        links.append((seq, sealed_at, row["kind"], row["subject_id"], row["entries"], previous))
    if links:
        async with get_connection("default").acquire_connection() as connection:
            await connection.copy_records_to_table("chain_links", columns=_COLUMNS, records=links)
    return len(links)


async def _asked(sql: str, values: list[Any]) -> Sequence[asyncpg.Record]:
    _, rows = await get_connection("default").execute_query(sql, values)
    return rows
