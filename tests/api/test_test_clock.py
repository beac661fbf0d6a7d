"""On a test server it becomes later when somebody says so, and what is due then happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from domain import merchants, test_clock
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from realtime import bus
from server.app import Front, application
from tests import factories
from tests.api.clients import Asker, roomy
from tests.api.conftest import Moving, Resident, Returning
from tests.api.test_transfers import confirm, prepared
from tests.moments import NOON, Clock

HOUR = 60 * 60
ADVANCE = """mutation ($seconds: Int!) { advanceTestClock(input: { seconds: $seconds }) {
    __typename ... on TestClockAdvanced { now } ... on Problem { code field } } }"""
READ = "{ testClock { __typename ... on TestClock { now } ... on Problem { code } } }"
STATUS = "query ($id: ID!) { movement(id: $id) { status } }"


class Later:
    """The time of a test server whose real time stands still."""

    def __init__(self) -> None:
        self.real = Clock()

    def __call__(self) -> datetime:
        return self.real() + test_clock.ahead()


@pytest.fixture
def clock() -> Iterator[Later]:
    test_clock.install(is_test=True)
    yield Later()
    test_clock.install(is_test=False)


@pytest.fixture
async def app(database: object, clock: Later) -> AsyncIterator[Starlette]:
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


async def test_whoever_moves_it_is_told_what_time_it_is(resident: Moving) -> None:
    ada = await resident("ada")

    moved = [await _advance(ada.asker, seconds) for seconds in (90, 30)]
    read = await ada.asker.data(READ)

    assert moved == [
        {"__typename": "TestClockAdvanced", "now": "2026-03-02T12:01:30+00:00"},
        {"__typename": "TestClockAdvanced", "now": "2026-03-02T12:02:00+00:00"},
    ]
    assert read == {"__typename": "TestClock", "now": "2026-03-02T12:02:00+00:00"}


async def test_a_transfer_that_arrives_in_two_hours_arrives_when_they_are_over(
    resident: Moving, returning: Returning, clock: Later
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    waiting = await confirm(ada, await prepared(ada, "bob", 250, arrival="TWO_HOURS"))
    transfer_id = waiting["transfer"]["id"]
    worker = Worker(registry(Wires()), clock=clock)

    async with asyncio.TaskGroup() as beside, bus.listen(f"stream:{bob.wallet.id}") as arrivals:
        beside.create_task(worker.run())
        await _advance(ada.asker, 2 * HOUR - 1)
        early = await _status(await returning(ada), transfer_id)
        await _advance((await returning(ada)).asker, 1)
        assert await arrivals.heard(10)
        worker.stop()

    assert (early, await _status(await returning(ada), transfer_id)) == ("PENDING", "COMPLETED")
    assert await factories.balances(ada.wallet, bob.wallet) == [750, 250]


async def test_tokens_run_out_by_it(resident: Moving, returning: Returning) -> None:
    ada = await resident("ada")

    await _advance(ada.asker, HOUR)
    late = await ada.asker.answer(ADVANCE, seconds=1)

    assert (late["data"], late["errors"][0]["extensions"]["code"]) == (None, "UNAUTHENTICATED")
    again = await returning(ada)
    assert (await again.asker.data(READ))["now"] == "2026-03-02T13:00:00+00:00"


async def test_a_program_needs_a_key_that_was_made_for_it(app: Starlette, clock: Later) -> None:
    shop = await factories.merchant(await factories.person("ada"))
    able = Asker(app, token=await factories.key(shop, merchants.Scope.SANDBOX))
    unable = Asker(app, token=await factories.key(shop, merchants.Scope.READ))

    moved = await _advance(able, 60)
    refused = await unable.answer(ADVANCE, seconds=60), await unable.answer(READ)

    assert moved["now"] == (NOON + timedelta(minutes=1)).isoformat()
    assert all(answer["data"] is None for answer in refused)
    assert test_clock.ahead() == timedelta(minutes=1)


@pytest.mark.parametrize("seconds", [0, -60, 400 * 24 * HOUR + 1])
async def test_a_step_that_is_none_moves_nothing(resident: Moving, seconds: int) -> None:
    ada = await resident("ada")

    refused = await _advance(ada.asker, seconds)

    assert refused == {
        "__typename": "TestClockStepInvalid",
        "code": "TEST_CLOCK_STEP_INVALID",
        "field": ["seconds"],
    }
    assert test_clock.ahead() == timedelta()


async def test_in_demo_and_live_there_is_none(resident: Moving) -> None:
    ada = await resident("ada")
    test_clock.install(is_test=False)

    refused, read = await _advance(ada.asker, 60), await ada.asker.data(READ)

    assert refused["code"] == read["code"] == "TEST_CLOCK_UNAVAILABLE"
    assert test_clock.ahead() == timedelta()


async def _advance(asker: Asker, seconds: int) -> Any:
    return await asker.data(ADVANCE, seconds=seconds)


async def _status(resident: Resident, transfer_id: str) -> str:
    found = await resident.asker.data(STATUS, id=transfer_id)
    return str(found["status"])
