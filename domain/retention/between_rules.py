"""How long what stands between people is kept."""

from __future__ import annotations

from typing import Final

from domain.retention.rule import Rule

BETWEEN: Final = (
    Rule(
        name="wrong surnames",
        table="surname_guesses",
        days=1,
        is_past="r.since < $1",
        why="counts for a day",
    ),
    Rule(
        name="requests for money that nobody paid",
        table="money_requests",
        days=400,
        is_past="r.status <> 'paid' AND r.ended_at < $1",
        why="who asked whom, for as long as payments are commonly disputed",
    ),
)
