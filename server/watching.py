"""Letting operators look on: the numbers they read, and the traces they are sent."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain import ledger
from jobs.worker import Worker
from server import scrapes, tracing
from server.houses import House
from server.readings import Readings
from server.scrapes import Window


@asynccontextmanager
async def watched(house: House, worker: Worker, window: Window | None) -> AsyncIterator[None]:
    """During the block this process is counted in the window, and traced if that is wanted."""
    ledger.here().watcher = tracing.batch_posted
    with tracing.telling(os.environ):
        async with scrapes.served(window, Readings(house.database, worker, house.clock)):
            yield
