"""One thing that must be true of the books, and what is said when it is not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A row that is not as everything else says it must be."""

    place: str
    key: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how many rows of which table, and the first that is wrong."""

    says: str
    table: str
    count: int
    wrong: Wrong | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`sql` gives the first wrong row as a `Wrong`, or nothing; $1 is the moment if it asks when.

    The database does the sums, which it can do for more rows than fit into memory.
    """

    says: str
    table: str
    sql: str
    asks_when: bool = False
