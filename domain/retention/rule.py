"""One rule of retention: which rows go, how old they are then, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of `table` whose day is over: `is_past` (SQL, the row is `r`) when $1 is `days` ago."""

    name: str
    table: str
    days: int
    is_past: str
    why: str
