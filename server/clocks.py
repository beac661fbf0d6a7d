"""What time it is for a process: the real time, or that of its test server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from domain import test_clock
from realtime import bus
from realtime.bus import Ear
from server import simulators
from server.settings import Mode
from server.simulators import ProviderAddress

LOOK_SECONDS: Final = 15.0
"""How late a process can follow when the hint was lost."""

log = logging.getLogger(__name__)


def now() -> datetime:
    """What time it is; inside of `following` that of the test server, if this is one."""
    return datetime.now(UTC) + test_clock.ahead()


async def asked(mode: Mode) -> datetime:
    """What time it is on the server whose database is open, for who follows no clock."""
    is_test = mode is Mode.TEST
    return datetime.now(UTC) + (await test_clock.read() if is_test else timedelta())


@asynccontextmanager
async def following(mode: Mode, provider: ProviderAddress | None) -> AsyncIterator[None]:
    """A process of a test server goes by its clock during the block, whoever moves it.

    So does the simulator that such a server runs; another `provider` has a clock of its own.
    Database and bus are the caller's to open before. Nothing happens in another mode.
    """
    if mode is not Mode.TEST:
        yield
        return
    test_clock.install(is_test=True)
    try:
        async with bus.listen(test_clock.TOPIC) as ear:
            await test_clock.follow()
            simulator = provider if provider and provider.name == simulators.NAME else None
            following = asyncio.create_task(_follow(ear, simulator))
            try:
                yield
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following
    finally:
        test_clock.install(is_test=False)


async def _follow(ear: Ear, simulator: ProviderAddress | None) -> None:
    told: timedelta | None = None
    while True:
        try:
            await test_clock.follow()
            ahead = test_clock.ahead()
            if simulator is not None and told != ahead:
                await simulators.set_clock(simulator, ahead)
                told = ahead
        except Exception:
            log.exception("The test clock could not be followed; again in %s s", LOOK_SECONDS)
        await ear.heard(LOOK_SECONDS)
