"""The armour: whatever is cancelled, wherever it waits, no connection is lost, nothing is half."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, Final

import asyncpg
import pytest

from domain.decisions import decision
from models.database import Client, client, connected
from models.ids import new_id
from models.jobs import Job
from models.people import Person
from realtime import bus
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.moments import NOON

CANCELLATIONS: Final = 400
POOL_SIZE: Final = 3


@pytest.fixture
async def pool(database_urls: DatabaseUrls) -> AsyncIterator[Client]:
    """A small pool, soon used up if connections are lost."""
    async with connected(database_urls.application, pool_size=POOL_SIZE, everywhere=True) as small:
        bus.install(bus.MemoryBus())
        yield small
        bus.install(None)


async def test_a_decision_cancelled_at_any_of_its_waits_leaves_nothing_and_loses_nothing(
    pool: Client,
) -> None:
    place = 1

    while await _is_cancelled_at({place}, f"person{place}"):
        assert await _is_whole(f"person{place}")
        place += 1

    assert place > 8
    await _assert_every_connection_is_usable(pool)


async def test_a_decision_cancelled_while_it_commits_is_committed_and_heard(pool: Client) -> None:
    heard: list[bool] = []
    place = 1

    async with bus.listen("person:ada") as ear:
        while await _is_cancelled_at({place}, "ada"):
            heard.append(await ear.heard(0))
            if await Person.filter(account_name="ada").delete():
                await Job.filter(kind="ada").delete()
                assert heard[-1]
            place += 1

    assert heard.count(True) == 2  # while it commits, and while it gives the connection back.


async def test_four_hundred_cancellations_lose_no_connection(pool: Client) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    waits = await _waits_of(_decide("nobody"))

    for number in range(CANCELLATIONS):
        # Up to three: the second and third hit what cleans up after the first.
        places = {chance.randint(1, waits) for _ in range(chance.randint(1, 3))}
        await _is_cancelled_at(places, f"person{number}")
        assert await _is_whole(f"person{number}")

    await _assert_every_connection_is_usable(pool)


async def test_decisions_cancelled_while_they_wait_for_a_connection_lose_none(
    pool: Client,
) -> None:
    chance = random.Random(5)
    tasks = [asyncio.create_task(_decide(f"person{number}")) for number in range(60)]

    for task in chance.sample(tasks, 40):
        for _ in range(chance.randint(0, 3)):
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait(tasks)

    for number in range(60):
        assert await _is_whole(f"person{number}")
    await _assert_every_connection_is_usable(pool)


async def test_a_connection_killed_inside_a_decision_is_replaced(
    pool: Client, database_urls: DatabaseUrls
) -> None:
    killer = await asyncpg.connect(database_urls.application)

    with pytest.raises((asyncpg.AdminShutdownError, asyncpg.InterfaceError)):
        await _decide_while(_kill_others(killer))

    await killer.close()
    assert await Person.all().count() == 0
    await _assert_every_connection_is_usable(pool)


async def test_the_pool_is_found_from_inside_a_decision(pool: Client) -> None:
    async with decision():
        inside = client()

    assert inside is pool


async def _decide(name: str) -> None:
    """A verb as they are: locks, writes, and an inner decision; whole or not at all."""
    async with decision(isolation="repeatable_read") as announce:
        announce(f"person:{name}")
        person = await factories.person(name)
        await Person.filter(id=person.id).select_for_update(no_key=True).get()
        async with decision():
            await Job.create(id=new_id(), kind=name, subject_id=person.id, due_at=NOON, run_at=NOON)


async def _decide_while(work: Awaitable[None]) -> None:
    async with decision():
        await factories.person("ada")
        await work
        await factories.person("bob")


async def _is_whole(name: str) -> bool:
    people = await Person.filter(account_name=name).count()
    return people == await Job.filter(kind=name).count()


async def _is_cancelled_at(places: set[int], name: str) -> bool:
    task = asyncio.create_task(_cancelled_at(places, _decide(name)))
    await asyncio.wait([task])
    return task.cancelled()


async def _waits_of(work: Coroutine[Any, Any, None]) -> int:
    """How often `work` waits for something on its way to the end."""
    return await asyncio.create_task(_cancelled_at(set(), work))


@coroutine
def _cancelled_at(
    places: set[int], work: Coroutine[Any, Any, None]
) -> Generator[object, object, int]:
    """Runs `work` and cancels the task at its waits number `places`; returns how many it made."""
    task = asyncio.current_task()
    assert task is not None
    waits = 0
    resume: Callable[[], object] = partial(work.send, None)
    while True:
        try:
            awaited = resume()
        except StopIteration:
            return waits
        waits += 1
        if waits in places:
            task.cancel()
        try:
            yield awaited
        except BaseException as error:  # noqa: BLE001 - handed on.
            failure = error
            resume = partial(work.throw, failure)
        else:
            resume = partial(work.send, None)


async def _kill_others(killer: asyncpg.Connection) -> None:
    killed = await killer.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert killed > 0


async def _assert_every_connection_is_usable(pool: Client) -> None:
    """All of the pool can be in use at once, none is left in a transaction."""
    inner = pool.pool
    assert inner.get_idle_size() == inner.get_size()
    async with asyncio.timeout(10):
        connections = [await inner.acquire() for _ in range(POOL_SIZE)]
    for connection in connections:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SHOW transaction_isolation") == "read committed"
        await inner.release(connection)
    assert inner.get_idle_size() == inner.get_size() == POOL_SIZE
