"""What tests of jobs share: a clock that stands, a worker by it, and a real provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channels.couriers import Tray
from channels.providers import HttpProvider
from domain import provider_orders
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from tests.moments import NOON
from tests.services import Simulator, simulator
from tests.wires import FarEnd, far_end

PROVIDER = "simulator"


class Clock:
    """It is noon until a test says otherwise."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
async def callbacks() -> AsyncIterator[FarEnd]:
    """Where the provider calls back in tests."""
    async with far_end() as end:
        yield end


@pytest.fixture(scope="session")
def provider_server(callbacks: FarEnd) -> Iterator[Simulator]:
    with simulator(callback=callbacks.url) as running:
        yield running


@pytest.fixture
async def provider(provider_server: Simulator) -> AsyncIterator[HttpProvider]:
    """The wire to the provider, to which top-ups go during the test."""
    provider_orders.install(PROVIDER)
    async with HttpProvider(
        PROVIDER, url=provider_server.url, secret=provider_server.secret
    ) as wire:
        yield wire
    provider_orders.install(None)


@pytest.fixture
def worker(provider: HttpProvider, clock: Clock, tmp_path: Path) -> Worker:
    """A worker with every handler there is, by the test's clock."""
    wires = Wires(provider=provider, courier=Tray(tmp_path / "letters"))
    return Worker(registry(wires), clock=clock)
