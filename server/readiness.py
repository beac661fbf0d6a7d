"""Whether this process can do its work at this moment, found out within two seconds."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import asyncpg

import migrations
from domain import chain, ledger
from models.database import client
from realtime import bus
from server import probes
from server.probes import LIMIT_SECONDS

LATE_SECONDS: Final = 10.0
"""From when on what waits for its link in the chain waits too long; usually it is two seconds."""

STUCK_SECONDS: Final = 5.0
"""From when on a batch of the ledger goes nowhere; usually it takes milliseconds."""

_APPLIED: Final = "SELECT name FROM tortoise_migrations WHERE app = 'models'"
_OURS: Final = frozenset(
    file.stem for folder in migrations.__path__ for file in Path(folder).glob("[0-9]*.py")
)


class Readiness:
    """One look at a time, however many ask: those who come meanwhile are told the same.

    A database that does not answer must not cost a connection for every question.
    """

    def __init__(self) -> None:
        self._looking: asyncio.Task[dict[str, str]] | None = None

    async def look(self) -> dict[str, str]:
        """What was looked at, and how it is: `ok` or `failing`, the chain `ok` or `late`."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(_database())
        looking = self._looking
        done, _ = await asyncio.wait([looking], timeout=LIMIT_SECONDS)
        found = looking.result() if done else {"database": "failing"}
        return {
            **found,
            "bus": _word(bus.installed().is_connected),
            "ledger": _word(ledger.here().under_way_seconds() < STUCK_SECONDS),
        }


def is_ready(found: dict[str, str]) -> bool:
    """Whether callers may come; a chain that is late keeps nobody out.

    Nor does a bus that fails: without Redis money goes on and events come with the beat, and all
    servers miss it at once. To call none of them ready would make a delay an outage.
    """
    return "failing" not in {word for name, word in found.items() if name != "bus"}


async def _database() -> dict[str, str]:
    try:
        async with probes.connection(client().pool) as connection:
            return await _asked(connection)
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is that it does not answer
        return {"database": "failing"}


async def _asked(connection: asyncpg.Connection) -> dict[str, str]:
    rows = await connection.fetch(_APPLIED, timeout=LIMIT_SECONDS)
    # More than ours is a newer server beside this one, which is being replaced just now.
    if not {row["name"] for row in rows} >= _OURS:
        return {"database": "ok", "migrations": "failing"}
    lag = await connection.fetchval(chain.LAG, timeout=LIMIT_SECONDS)
    return {
        "database": "ok",
        "migrations": "ok",
        "chain": "ok" if lag < LATE_SECONDS else "late",
    }


def _word(is_so: bool) -> str:
    return "ok" if is_so else "failing"
