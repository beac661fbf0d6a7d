"""Whether the database holds exactly what was answered."""

from __future__ import annotations

from typing import Final

import asyncpg

from benchmarks.worlds import World

_COUNT: Final = "SELECT count(*) FROM movements WHERE status = 'completed'"
_FAILED: Final = "SELECT count(*) FROM movements WHERE status <> 'completed'"
_SUM: Final = """
    SELECT coalesce(sum(CASE side WHEN 'D' THEN posted ELSE -posted END), 0)
         + coalesce(sum(CASE side WHEN 'D' THEN pending ELSE -pending END), 0) FROM entries
"""
_APART: Final = """
    SELECT count(*) FROM accounts a
    LEFT JOIN LATERAL (
        SELECT e.version, e.balance_after FROM entries e
        WHERE e.account_id = a.id ORDER BY e.version DESC LIMIT 1
    ) e ON true
    WHERE a.version <> coalesce(e.version, 0)
       OR a.kind = 'wallet' AND a.posted_credits - a.posted_debits <> coalesce(e.balance_after, 0)
"""


class BooksDisagree(Exception):
    """What was measured was not what was to be measured."""


class Books:
    """Counts what is done between one look and the next."""

    def __init__(self, world: World, done: int) -> None:
        self._world = world
        self._done = done

    @classmethod
    async def of(cls, world: World) -> Books:
        return cls(world, await _read(world, _COUNT))

    async def hold(self, answered: int) -> None:
        """Returns when exactly so many transfers were done since the last look, and none failed.

        Raises:
            BooksDisagree: with both numbers.
        """
        done = await _read(self._world, _COUNT)
        if done - self._done != answered or await _read(self._world, _FAILED):
            raise BooksDisagree(f"{answered} were answered and {done - self._done} were done")
        self._done = done

    async def balance(self) -> None:
        """Returns when all entries sum to zero, and every counter is what its journal says.

        Raises:
            BooksDisagree: with what does not.
        """
        total, apart = await _read(self._world, _SUM), await _read(self._world, _APART)
        if total or apart:
            raise BooksDisagree(f"the entries sum to {total}, and {apart} counters disagree")


async def _read(world: World, statement: str) -> int:
    connection = await asyncpg.connect(world.postgres.urls.owner)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()
