"""Questions of many callers, on one round trip."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from domain.gathering import MAX_TOGETHER, Gathering
from models.database import Client

pytestmark = pytest.mark.usefixtures("database")


class Doubling:
    """Answers numbers with twice as much, each round trip when it is told to."""

    def __init__(self) -> None:
        self.trips: list[list[int]] = []
        self.began = asyncio.Event()
        self.held = asyncio.Event()
        self.held.set()

    async def together(self, _: Client, numbers: Sequence[int]) -> list[int]:
        self.trips.append(list(numbers))
        self.began.set()
        await self.held.wait()
        if 13 in numbers:
            raise LookupError("thirteen")
        return [2 * number for number in numbers]


async def test_what_waits_while_an_answer_is_under_way_goes_out_together() -> None:
    doubling = Doubling()
    gathering = Gathering(doubling.together, name=lambda number: number)
    doubling.held.clear()
    first = asyncio.create_task(gathering.ask(1))
    await doubling.began.wait()

    others = [asyncio.create_task(gathering.ask(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    doubling.held.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert doubling.trips == [[1], [2, 3, 4]]


async def test_two_of_one_name_never_go_together() -> None:
    doubling = Doubling()
    gathering = Gathering(doubling.together, name=lambda number: number % 10)

    answers = await asyncio.gather(*(gathering.ask(number) for number in (1, 2, 11, 3, 12)))

    assert answers == [2, 4, 22, 6, 24]
    assert doubling.trips == [[1, 2], [11, 3, 12]]


async def test_no_round_trip_carries_more_than_its_limit() -> None:
    doubling = Doubling()
    gathering = Gathering(doubling.together, name=lambda number: number)
    numbers = [1_000 + number for number in range(MAX_TOGETHER + 1)]

    await asyncio.gather(*(gathering.ask(number) for number in numbers))

    assert [len(trip) for trip in doubling.trips] == [MAX_TOGETHER, 1]


async def test_what_goes_wrong_goes_wrong_for_those_who_asked_together_and_for_nobody_else() -> (
    None
):
    doubling = Doubling()
    gathering = Gathering(doubling.together, name=lambda number: number % 10)

    answers = await asyncio.gather(
        *(gathering.ask(number) for number in (13, 1, 3)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [LookupError, LookupError, int]
    assert await gathering.ask(4) == 8


async def test_a_caller_that_goes_away_takes_nobodys_answer_along() -> None:
    doubling = Doubling()
    gathering = Gathering(doubling.together, name=lambda number: number)
    doubling.held.clear()
    asked = [asyncio.create_task(gathering.ask(number)) for number in (1, 2, 3)]
    await doubling.began.wait()

    asked[1].cancel()
    doubling.held.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [answers[0], answers[2]] == [2, 6]
    assert isinstance(answers[1], asyncio.CancelledError)
