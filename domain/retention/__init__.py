"""Retention: how long everything is kept that is not kept for ever, and why just so long.

Never taken away: postings, entries, holds, movements and their idempotency keys (the same key gives
the same answer for ever), the chain, audit records, what providers said, people and their accounts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from domain import jobs, keys
from domain.decisions import decision
from domain.retention.rule import Rule
from domain.retention.rules import RULES
from models.database import client

__all__ = ["JOB", "RULES", "Rule", "count_past", "next_quiet_hour", "purge", "schedule"]

JOB: Final = "purge"
QUIET_HOUR: Final = 19
"""In UTC: three in the morning in Shanghai, an evening in London."""

STEP_BLOCKS: Final = 128
"""How much of a table one statement may look at and take from: 1 MiB, some thousand rows."""


async def purge(rule: Rule, now: datetime) -> int:
    """Takes away what is past its day; returns how many rows.

    One pass over the table in steps, each committed by itself: a lock is held for as long as a step
    takes, and a row that somebody else is changing is left for the next time. Interrupted or done
    twice at once it does no harm.
    """
    past = now - timedelta(days=rule.days)
    gone = 0
    for first in range(0, await _blocks(rule.table), STEP_BLOCKS):
        taken, _ = await client().execute_query(
            _PURGE.format(table=rule.table, is_past=rule.is_past),
            [past, f"({first},0)", f"({first + STEP_BLOCKS},0)"],
        )
        gone += taken
    return gone


async def count_past(rule: Rule, now: datetime) -> int:
    """How many rows `purge` would take away."""
    [row] = await client().execute_query_dict(
        f"SELECT count(*) AS rows FROM {rule.table} r WHERE {rule.is_past}",  # noqa: S608
        [now - timedelta(days=rule.days)],
    )
    rows: int = row["rows"]
    return rows


async def schedule(now: datetime) -> None:
    """Asks for the next purge, in the coming quiet hour; asked for again, it changes nothing."""
    async with decision() as announce:
        await jobs.enqueue(announce, JOB, subject_id=keys.SYSTEM, due_at=next_quiet_hour(now))


def next_quiet_hour(now: datetime) -> datetime:
    """The first beginning of a quiet hour after `now`."""
    today = now.astimezone(UTC).replace(hour=QUIET_HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


# By the place on the disk, which every table has: an index for this alone would be written with
# every payment, and a key says nothing of a row's age. Only constants of this file are put in.
_PURGE: Final = """
    DELETE FROM {table} WHERE ctid = ANY (ARRAY(
        SELECT r.ctid FROM {table} r
        WHERE r.ctid >= ($2::text)::tid AND r.ctid < ($3::text)::tid AND ({is_past})
        FOR UPDATE SKIP LOCKED
    ))
"""


async def _blocks(table: str) -> int:
    [row] = await client().execute_query_dict(
        "SELECT pg_relation_size($1::text::regclass) / current_setting('block_size')::int "
        "AS blocks",
        [table],
    )
    blocks: int = row["blocks"]
    return blocks
