"""The test clock moves forward only, for everybody, and where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain import jobs, test_clock
from models import test_clock as rows
from realtime import bus
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

DAY = 24 * 60 * 60


@pytest.fixture
def clock() -> Iterator[None]:
    """This process belongs to a test server."""
    test_clock.install(is_test=True)
    yield
    test_clock.install(is_test=False)


@pytest.mark.usefixtures("clock")
async def test_steps_add_up_and_those_outside_do_not_see_them() -> None:
    await test_clock.advance(60)
    await test_clock.advance(400 * DAY)

    assert test_clock.ahead() == timedelta(days=400, minutes=1)
    assert test_clock.outside(NOON + test_clock.ahead()) == NOON


@pytest.mark.usefixtures("clock")
async def test_two_who_move_it_at_once_move_it_by_both_steps() -> None:
    await asyncio.gather(*(test_clock.advance(step) for step in (1, 10, 100, 1_000)))

    assert test_clock.ahead() == timedelta(seconds=1_111)
    assert await test_clock.read() == timedelta(seconds=1_111)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("seconds", [0, -1, 400 * DAY + 1, 2**31 - 1])
async def test_it_moves_neither_back_nor_by_more_than_400_days(seconds: int) -> None:
    await test_clock.advance(5)

    with pytest.raises(test_clock.TestClockStepInvalid):
        await test_clock.advance(seconds)

    assert await test_clock.read() == test_clock.ahead() == timedelta(seconds=5)


@pytest.mark.usefixtures("clock")
async def test_it_is_never_more_than_ten_years_ahead() -> None:
    for _ in range(9):
        await test_clock.advance(400 * DAY)
    with pytest.raises(test_clock.TestClockTooFar):
        await test_clock.advance(50 * DAY + 1)

    await test_clock.advance(50 * DAY)

    assert await test_clock.read() == timedelta(days=3_650)


async def test_where_there_is_none_nothing_moves_and_nothing_is_written() -> None:
    with pytest.raises(test_clock.TestClockUnavailable):
        await test_clock.advance(60)
    with pytest.raises(test_clock.TestClockUnavailable):
        await test_clock.follow()

    assert test_clock.ahead() == timedelta()
    assert not await rows.TestClock.exists()


@pytest.mark.usefixtures("clock")
async def test_another_process_hears_of_it_and_lets_its_workers_look() -> None:
    async with bus.listen(test_clock.TOPIC) as process, bus.listen(jobs.TOPIC) as worker:
        await test_clock.advance(60)
        heard = await process.heard(5), await worker.heard(5)
        # As another process, which has not moved it itself.
        test_clock.install(is_test=True)
        before = test_clock.ahead()
        await test_clock.follow()
        woken = await worker.heard(5)
        await test_clock.follow()
        woken_again = await worker.heard(0)

    assert (before, test_clock.ahead()) == (timedelta(), timedelta(seconds=60))
    assert (heard, woken, woken_again) == ((True, True), True, False)
