"""How uPay stops: callers are sent elsewhere, then what was begun is finished, all in ten seconds.

The order: `leaving` (callers are still answered, and told that this server goes), `closing` (nobody
is let in, streams and sockets end, answers under way are given, the worker takes no more jobs),
then the ledger's batch, the last links of the chain, the connections.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import uvicorn

from domain import ledger
from jobs.worker import Worker
from models.database import Client
from server.signals import Stop

# Together less than the ten seconds that a container has to stop in, whatever is in the way.
LAST_QUESTIONS_SECONDS: Final = 0.1
LAST_ANSWERS_SECONDS: Final = 5
LAST_BATCH_SECONDS: Final = 1.0
LAST_STATEMENTS_SECONDS: Final = 0.5


async def when_asked(
    stop: Stop,
    *,
    server: uvicorn.Server,
    worker: Worker,
    closing: asyncio.Event,
    drain_seconds: float,
) -> None:
    """Ends answering and working once this is asked for, after `drain_seconds` of leaving."""
    await stop.asked.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(drain_seconds):
            await stop.forced.wait()
    closing.set()
    server.should_exit = True
    worker.stop()
    await stop.forced.wait()
    # What is cut off on purpose needs no report.
    logging.getLogger("uvicorn.error").disabled = True
    server.force_exit = True


async def finish_books(stop: Stop) -> None:
    """Waits for the batch under way: whoever asked may be gone, their command goes on."""
    settling = asyncio.ensure_future(ledger.settled())
    forcing = asyncio.ensure_future(stop.forced.wait())
    await asyncio.wait(
        (settling, forcing), timeout=LAST_BATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED
    )
    settling.cancel()
    forcing.cancel()


@asynccontextmanager
async def letting_go(database: Client, stop: Stop) -> AsyncIterator[None]:
    """After the block the database is left in a moment, whatever its connections wait for."""
    try:
        yield
    finally:
        if stop.forced.is_set():
            database.pool.terminate()
        # Left to itself the pool waits ten seconds for a statement that waits for a lock.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_STATEMENTS_SECONDS):
                await database.pool.close()
