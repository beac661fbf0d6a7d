"""Sealing: whatever was committed gets its link in the chain within two seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final

from domain import chain
from domain.chain import anchors

TICK_SECONDS: Final = 1.0
LAST_SEAL_SECONDS: Final = 3.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def sealing(clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Seals what is written during the block, whoever writes it, and at the end what is left.

    Any number of processes may do so: the database lets one at a time.
    """
    ending = asyncio.Event()
    sealer = asyncio.create_task(_seal_until(ending, clock))
    try:
        yield
    finally:
        ending.set()
        # What is not sealed by then is sealed after the next start.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SEAL_SECONDS):
                await sealer


async def seal_all(clock: Callable[[], datetime]) -> None:
    """Seals until nothing is waiting, or another process is seen to be at it."""
    is_all = False
    while not is_all:
        sealed = await chain.seal(clock())
        is_all = sealed.is_all
        if sealed.anchor is not None:
            log.info("anchor %s", anchors.line(sealed.anchor))


async def _seal_until(ending: asyncio.Event, clock: Callable[[], datetime]) -> None:
    is_over = False
    while not is_over:
        is_over = ending.is_set()
        try:
            await seal_all(clock)
        except Exception:
            log.exception("Nothing could be sealed; trying again in %s s", TICK_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_SECONDS):
                await ending.wait()
