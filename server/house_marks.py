"""Which mode a database belongs to, so that demo people never come into a live house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import asyncpg

from server import town
from server.refusals import Refused
from server.settings import Mode

ANSWER_SECONDS: Final = 5.0


async def mark(url: str, mode: Mode, now: datetime) -> None:
    """Writes whose database at `url` this is, the first time; from then on it stays so.

    Raises:
        Refused: it belongs to another mode, or a live server would find a demo's people in it.
    """
    await _with(url, lambda connection: _mark(connection, mode, now))


async def look(url: str, mode: Mode) -> str:
    """Whose database it is, in a sentence.

    Raises:
        Refused: as `mark`, which this leaves to the next start.
    """
    try:
        found = await _with(url, lambda connection: _found(connection, mode))
    except asyncpg.UndefinedTableError:
        found = None
    return f"of a {mode} server" if found else f"nobody's yet; the next start makes it {mode}"


async def _with(
    url: str, work: Callable[[asyncpg.Connection], Awaitable[str | None]]
) -> str | None:
    connection = await asyncpg.connect(url, timeout=ANSWER_SECONDS)
    try:
        return await work(connection)
    finally:
        await connection.close()


async def _mark(connection: asyncpg.Connection, mode: Mode, now: datetime) -> str | None:
    if await _found(connection, mode) is None:
        # Of two that start together the first one wins; the other finds its word.
        await connection.execute(
            "INSERT INTO house_marks (id, mode, made_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
            str(mode),
            now,
        )
    return await _found(connection, mode)


async def _found(connection: asyncpg.Connection, mode: Mode) -> str | None:
    """The mode it belongs to, which is `mode`, or None while it is nobody's."""
    found: str | None = await connection.fetchval("SELECT mode FROM house_marks")
    if found is None and mode is Mode.LIVE:
        await _refuse_town(connection)
    if found is not None and found != mode:
        raise Refused(
            f"This database belongs to a {found} server and UPAY_MODE is {mode}: set "
            "UPAY_DATABASE_URL to one of its own, or correct UPAY_MODE."
        )
    return found


async def _refuse_town(connection: asyncpg.Connection) -> None:
    """Demo people in a database without a mark: it is older than the marks, and not live."""
    name = await connection.fetchval(
        "SELECT account_name FROM people JOIN contacts ON contacts.person_id = people.id "
        "WHERE value = ANY ($1) AND verified_at IS NOT NULL ORDER BY account_name LIMIT 1",
        [each.email for each in town.PEOPLE],
    )
    if name is not None:
        raise Refused(
            f"{name} of the demo lives in this database, with a password that everybody knows: "
            "set UPAY_DATABASE_URL to an empty database for a live server."
        )
