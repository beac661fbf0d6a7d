"""Retention: how long everything is kept that is not kept for ever, and why just so long.

Never taken away: postings, entries, holds, movements and their idempotency keys (the same key gives
the same answer for ever), the chain, audit records, what providers said, people and their accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain import jobs, keys
from domain.decisions import decision
from models.database import client

JOB: Final = "purge"
QUIET_HOUR: Final = 19
"""In UTC: three in the morning in Shanghai, an evening in London."""

STEP_BLOCKS: Final = 128
"""How much of a table one statement may look at and take from: 1 MiB, some thousand rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of `table` whose day is over: `is_past` (SQL, the row is `r`) when $1 is `days` ago."""

    name: str
    table: str
    days: int
    is_past: str
    why: str


# In this order: what refers to something goes before it.
RULES: Final = (
    Rule(
        name="finished jobs",
        table="jobs",
        days=30,
        is_past="r.done_at < $1",
        why="a month to see what was done, and to know the same work again",
    ),
    Rule(
        name="failed jobs",
        table="jobs",
        days=180,
        is_past="r.done_at IS NULL AND r.failed_at < $1",
        why="somebody must look at them, and half a year is long enough to",
    ),
    Rule(
        name="session tokens",
        table="session_tokens",
        days=1,
        is_past="r.expires_at < $1",
        why="a spent one shows a second use for as long as its session can last, and a day",
    ),
    Rule(
        name="ended sessions",
        table="sessions",
        days=180,
        is_past="least(r.ended_at, r.expires_at) < $1 "
        "AND NOT EXISTS (SELECT FROM session_tokens t WHERE t.session_id = r.id)",
        why="whoever asks who was signed in, asks within half a year",
    ),
    Rule(
        name="contact codes",
        table="contact_codes",
        days=7,
        is_past="r.created_at < $1",
        why="valid for ten minutes and counted for an hour; a week for questions",
    ),
    Rule(
        name="unproved contacts",
        table="contacts",
        days=30,
        is_past="r.verified_at IS NULL AND r.created_at < $1 "
        "AND NOT EXISTS (SELECT FROM contact_codes c WHERE c.contact_id = r.id)",
        why="it may be the address of somebody who never asked to be here",
    ),
    Rule(
        name="unused challenges",
        table="challenges",
        days=30,
        is_past="r.used_at IS NULL AND r.expires_at < $1",
        why="valid for five minutes, and no money moved",
    ),
    Rule(
        name="used challenges",
        table="challenges",
        days=400,
        is_past="r.used_at < $1",
        why="what a payer agreed to, for as long as payments are commonly disputed",
    ),
    Rule(
        name="quotes",
        table="quotes",
        days=30,
        is_past="r.expires_at < $1 "
        "AND NOT EXISTS (SELECT FROM challenges h WHERE h.quote_id = r.id)",
        why="as long as its challenge, and a month without one",
    ),
    Rule(
        name="stream events",
        table="stream_events",
        days=90,
        is_past="r.at < $1 AND r.seq < "
        "(SELECT max(e.seq) FROM stream_events e WHERE e.stream_id = r.stream_id)",
        why="who resumes later reads the present state anew; the head stays, to count from",
    ),
    Rule(
        name="sign-in guards",
        table="sign_in_guards",
        days=30,
        is_past="r.locked_until < $1 OR r.locked_until IS NULL AND r.wrong_tries = 0",
        why="it says nothing any more; wrong tries of a guard that counts are never given back",
    ),
)


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
