"""The one statement that posts: commands out as typed rows, one answer per command back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.ledger.commands import Command, Line, Outcome, Posted
from models.ids import new_id
from models.movements import Movement
from models.payments import stream_of

_POST: Final = (
    "SELECT ord, outcome, code, missing, movement "
    "FROM ledger_post($1::ledger_command[], $2::ledger_line[])"
)


async def send(
    connection: asyncpg.Connection,
    commands: Sequence[Command],
    *,
    timeout_seconds: float | None = None,
) -> list[Posted]:
    """Posts `commands` in one round trip; the answers stand in the same order.

    Outside a transaction it commits by itself. No two commands may share a key, a challenge, an
    order or a movement. None leaves the time to the connection's own limit.
    """
    records, lines = [], []
    for place, command in enumerate(commands, start=1):
        posting_id = new_id() if command.posting_kind else None
        records.append(_command(place, command, posting_id))
        lines += [_line(place, line, posting_id) for line in command.lines]
    rows = await connection.fetch(_POST, records, lines, timeout=timeout_seconds)
    answers = {row["ord"]: _answer(row, commands[row["ord"] - 1]) for row in rows}
    return [answers[place] for place in range(1, len(commands) + 1)]


def _command(place: int, command: Command, posting_id: UUID | None) -> tuple[Any, ...]:
    key = command.key
    return (
        place,
        key.owner_id,
        key.key,
        key.digest,
        command.challenge_id,
        command.movement_id,
        command.kind.value,
        command.from_status and command.from_status.value,
        command.to_status.value,
        command.person_id,
        command.source_id,
        command.target_id,
        command.amount,
        command.fee,
        command.currency,
        command.note,
        command.arrives_at,
        command.failure_code,
        None,
        posting_id,
        command.posting_kind and command.posting_kind.value,
        command.hold_id,
        command.hold_placed,
        command.hold_remaining,
        command.hold_captured,
        command.hold_released,
        command.hold_expires_at,
        command.guard_source,
        command.guard_target,
        *(command.job or (None, None)),
        command.at,
        command.order_id,
        command.capture_before,
        None if command.order_id is None else stream_of(command.movement_id),
        command.origin_id,
    )


def _line(place: int, line: Line, posting_id: UUID | None) -> tuple[Any, ...]:
    side = line.side.value
    counts = (line.counted_on, line.payments)
    return (place, posting_id, line.account_id, side, line.posted, line.pending, *counts)


def _answer(row: asyncpg.Record, command: Command) -> Posted:
    movement = row["movement"]
    return Posted(
        outcome=Outcome(row["outcome"]),
        movement=None if movement is None else Movement._init_from_db(**movement),
        code=row["code"],
        missing=row["missing"],
        made_job=command.job is not None,
    )
