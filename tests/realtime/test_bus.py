"""What every bus promises, and what the one over Redis promises besides."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import redis.asyncio

from realtime import bus
from realtime.bus import EVERYTHING, Bus, BusUnreachable, Ear, MemoryBus
from realtime.redis_bus import BACKLOG_TOPICS, RedisBus, Waits
from tests.services import Valkey, free_port, valkey

SOON_SECONDS = 10.0


@dataclass(frozen=True)
class Pair:
    """What two processes hold: two ends of one bus."""

    here: Bus
    there: Bus


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey() as running:
        yield running


@pytest.fixture
def doomed() -> Iterator[Valkey]:
    """A server of the test's own, to be killed or frozen."""
    with valkey() as running:
        yield running


@pytest.fixture(params=["memory", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    if request.param == "memory":
        async with MemoryBus() as alone:
            yield Pair(alone, alone)
    else:
        async with two_processes(request.getfixturevalue("server")) as two:
            yield two


@pytest.fixture
async def two(server: Valkey) -> AsyncIterator[Pair]:
    async with two_processes(server) as pair:
        yield pair


@asynccontextmanager
async def two_processes(server: Valkey, waits: Waits | None = None) -> AsyncIterator[Pair]:
    prefix = f"test-{secrets.token_hex(4)}"
    async with (
        RedisBus(server.url, prefix=prefix, waits=waits) as here,
        RedisBus(server.url, prefix=prefix, waits=waits) as there,
    ):
        yield Pair(here, there)


async def all_told(*, by: Bus, to: Bus) -> None:
    """Returns when whatever `by` told before has reached `to`: hints keep their order."""
    last_arrived = asyncio.Event()
    stop = to.watch("last", lambda _: last_arrived.set())
    by.tell("last")
    await asyncio.wait_for(last_arrived.wait(), SOON_SECONDS)
    stop()


async def silent(ear: Ear) -> bool:
    return not await ear.heard(timeout_seconds=0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        while not condition():  # noqa: ASYNC110 - a server's death is no event of ours
            await asyncio.sleep(0.005)


# What every bus promises.


async def test_a_hint_wakes_whoever_listens_to_its_topic(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as far, pair.here.listen("stream:1") as near:
        pair.here.tell("stream:1")

        assert await far.heard(SOON_SECONDS)
        assert await near.heard(SOON_SECONDS)


async def test_one_ear_hears_each_of_its_topics(pair: Pair) -> None:
    async with pair.there.listen("stream:1", "jobs", "jobs") as ear:
        pair.here.tell("jobs")
        assert await ear.heard(SOON_SECONDS)

        pair.here.tell("stream:1")
        assert await ear.heard(SOON_SECONDS)


async def test_a_hint_about_another_topic_wakes_nobody(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as ear:
        pair.here.tell("stream:2", "stream:11", "stream:")
        await all_told(by=pair.here, to=pair.there)

        assert await silent(ear)


async def test_what_was_told_before_listening_is_not_heard(pair: Pair) -> None:
    pair.here.tell("stream:1")
    await all_told(by=pair.here, to=pair.there)

    async with pair.there.listen("stream:1") as ear:
        assert await silent(ear)


async def test_hints_between_two_looks_are_one_hint_and_none_is_lost(pair: Pair) -> None:
    async with pair.there.listen("stream:1", "stream:2") as ear:
        pair.here.tell("stream:1")
        pair.here.tell("stream:1", "stream:2")
        await all_told(by=pair.here, to=pair.there)
        assert await ear.heard(SOON_SECONDS)
        assert await silent(ear)

        pair.here.tell("stream:2")
        await all_told(by=pair.here, to=pair.there)
        assert await ear.heard(timeout_seconds=0)
        assert await silent(ear)


async def test_a_listener_is_told_when_nothing_came_in_time(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as ear:
        assert not await ear.heard(timeout_seconds=0.01)


async def test_an_ear_can_be_woken_without_news(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as ear, pair.there.listen("stream:1") as other:
        ear.wake()

        assert not await ear.heard(timeout_seconds=10)
        assert await silent(other)


async def test_news_is_not_lost_when_the_ear_is_woken_as_well(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as ear:
        pair.here.tell("stream:1")
        await all_told(by=pair.here, to=pair.there)
        ear.wake()

        assert await ear.heard(timeout_seconds=10)


async def test_a_closed_ear_hears_no_more_and_is_forgotten(pair: Pair) -> None:
    async with pair.there.listen("stream:1", "stream:2", "stream:1") as ear:
        assert pair.there.topics == {"stream:1", "stream:2"}

    pair.here.tell("stream:1")
    await all_told(by=pair.here, to=pair.there)
    assert await silent(ear)
    assert pair.there.topics == frozenset()


async def test_closing_one_ear_leaves_the_others_of_its_topic(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as kept:
        async with pair.there.listen("stream:1", "stream:2"):
            pass

        pair.here.tell("stream:1")
        assert await kept.heard(SOON_SECONDS)
        assert pair.there.topics == {"stream:1"}


async def test_a_listener_that_never_looks_delays_no_teller(pair: Pair) -> None:
    async with pair.there.listen("stream:1") as ear:
        for number in range(10_000):
            pair.here.tell("stream:1", f"stream:{number % 100}")
        await all_told(by=pair.here, to=pair.there)

        assert await ear.heard(timeout_seconds=0)
        assert await silent(ear)


async def test_a_listener_cancelled_while_it_waits_leaves_nothing_behind(pair: Pair) -> None:
    async def listen_for_ever() -> None:
        async with pair.there.listen("stream:1") as ear:
            await ear.heard()

    listener = asyncio.create_task(listen_for_ever())
    await until(lambda: "stream:1" in pair.there.topics)

    listener.cancel()
    await asyncio.wait([listener])

    assert listener.cancelled()
    assert pair.there.topics == frozenset()


async def test_thousands_listen_without_a_task_each(pair: Pair) -> None:
    tasks_before = len(asyncio.all_tasks())
    async with AsyncExitStack() as stack:
        ears = [
            await stack.enter_async_context(pair.there.listen(f"stream:{number}", "news"))
            for number in range(5_000)
        ]
        assert len(asyncio.all_tasks()) == tasks_before

        pair.here.tell("stream:4999")
        assert await ears[4999].heard(SOON_SECONDS)
        assert await silent(ears[0])

        pair.here.tell("news")
        assert all([await ear.heard(SOON_SECONDS) for ear in ears])

    assert pair.there.topics == frozenset()


async def test_a_watcher_sees_each_topic_of_its_prefix_until_it_stops(pair: Pair) -> None:
    seen: list[str] = []
    stop = pair.there.watch("session:", seen.append)

    pair.here.tell("session:1", "stream:1", "session:2")
    await until(lambda: len(seen) == 2)
    stop()
    stop()
    pair.here.tell("session:3")
    await all_told(by=pair.here, to=pair.there)

    assert seen == ["session:1", "session:2"]


async def test_two_watchers_of_one_prefix_are_ended_one_by_one(pair: Pair) -> None:
    seen: list[str] = []
    stop_first = pair.there.watch("session:", seen.append)
    stop_second = pair.there.watch("session:", seen.append)

    stop_first()
    pair.here.tell("session:1")
    await all_told(by=pair.here, to=pair.there)
    stop_second()

    assert seen == ["session:1"]


async def test_everything_wakes_every_ear_once_and_tells_watchers_their_prefix(pair: Pair) -> None:
    seen: list[str] = []
    stop = pair.there.watch("session:", seen.append)
    async with pair.there.listen("stream:1", "jobs") as one, pair.there.listen("jobs") as other:
        pair.here.tell(EVERYTHING)

        assert await one.heard(SOON_SECONDS)
        assert await other.heard(SOON_SECONDS)
        assert await silent(one)
    await until(lambda: seen == ["session:"])
    stop()


async def test_a_watcher_that_fails_harms_neither_teller_nor_listener(pair: Pair) -> None:
    def fail(topic: str) -> None:
        raise ValueError(topic)

    reported: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context))
    stop = pair.there.watch("session:", fail)
    try:
        async with pair.there.listen("session:1") as ear:
            pair.here.tell("session:1")
            assert await ear.heard(SOON_SECONDS)
            await until(lambda: len(reported) == 1)
    finally:
        stop()
        loop.set_exception_handler(None)

    assert isinstance(reported[0]["exception"], ValueError)
    assert pair.there.is_connected


# The bus a process has installed.


async def test_without_an_installed_bus_telling_and_listening_say_so() -> None:
    with pytest.raises(RuntimeError, match="No bus is installed"):
        bus.tell("jobs")
    with pytest.raises(RuntimeError, match="No bus is installed"):
        bus.listen("jobs")


async def test_what_is_told_in_the_process_goes_to_the_installed_bus(pair: Pair) -> None:
    bus.install(pair.here)
    try:
        async with pair.there.listen("jobs") as far, bus.listen("jobs") as near:
            bus.tell("jobs")

            assert bus.installed() is pair.here
            assert await far.heard(SOON_SECONDS)
            assert await near.heard(SOON_SECONDS)
    finally:
        bus.install(None)


# What the bus over Redis promises besides.


async def test_a_process_is_not_woken_again_by_its_own_hint(two: Pair) -> None:
    async with two.here.listen("stream:1") as ear:
        two.here.tell("stream:1")
        assert await ear.heard(timeout_seconds=0)

        await all_told(by=two.here, to=two.there)
        await all_told(by=two.there, to=two.here)
        assert await silent(ear)


async def test_installations_with_different_prefixes_do_not_hear_each_other(
    server: Valkey, two: Pair
) -> None:
    async with two_processes(server) as others, others.there.listen("stream:1") as ear:
        two.here.tell("stream:1")
        await all_told(by=two.here, to=two.there)
        await all_told(by=others.here, to=others.there)

        assert await silent(ear)


async def test_a_burst_of_hints_travels_in_a_few_messages(server: Valkey, two: Pair) -> None:
    async with two.there.listen("stream:999") as ear:
        before = await calls(server, "publish")
        for number in range(1_000):
            two.here.tell(f"stream:{number}")

        assert await ear.heard(SOON_SECONDS)
        assert await calls(server, "publish") - before <= 3


async def test_hints_told_while_a_message_is_under_way_travel_together(
    server: Valkey, two: Pair
) -> None:
    async with two.there.listen("stream:999") as ear:
        before = await calls(server, "publish")
        for number in range(1_000):
            two.here.tell(f"stream:{number}")
            await asyncio.sleep(0)

        assert await ear.heard(SOON_SECONDS)
        assert await calls(server, "publish") - before <= 500


async def test_more_hints_than_the_backlog_holds_wake_everybody(two: Pair) -> None:
    async with two.there.listen("stream:untold") as ear:
        for number in range(BACKLOG_TOPICS + 1):
            two.here.tell(f"stream:{number}")

        assert await ear.heard(SOON_SECONDS)


async def test_a_hint_survives_the_loss_of_the_publishing_connection(
    server: Valkey, two: Pair
) -> None:
    await all_told(by=two.here, to=two.there)
    await cut(server, "normal")

    await all_told(by=two.here, to=two.there)


async def test_a_hint_redis_would_not_take_is_offered_again(doomed: Valkey) -> None:
    async with two_processes(doomed) as two, two.there.listen("stream:1") as ear:
        await allow(doomed, "-publish")
        two.here.tell("stream:1")
        async with asyncio.timeout(SOON_SECONDS):
            while not await calls(doomed, "publish", kind="rejected_calls"):
                pass
        assert await silent(ear)

        await allow(doomed, "+publish")
        assert await ear.heard(SOON_SECONDS)


async def test_the_loss_of_the_listening_connection_wakes_everybody(
    server: Valkey, two: Pair
) -> None:
    async with two.here.listen("stream:1") as one, two.there.listen("stream:2") as other:
        await cut(server, "pubsub")

        assert await one.heard(SOON_SECONDS)
        assert await other.heard(SOON_SECONDS)
        await until(lambda: two.here.is_connected and two.there.is_connected)
        await all_told(by=two.here, to=two.there)


async def test_hints_told_just_before_closing_are_still_heard(server: Valkey) -> None:
    staying = RedisBus(server.url, prefix="closing")
    async with staying, staying.listen("stream:1") as ear:
        async with RedisBus(server.url, prefix="closing") as leaving:
            leaving.tell("stream:1")

        assert await ear.heard(SOON_SECONDS)


@pytest.mark.slow
async def test_a_killed_redis_that_comes_back_wakes_everybody_and_hints_flow(
    doomed: Valkey,
) -> None:
    seen: list[str] = []
    async with (
        two_processes(doomed) as two,
        two.here.listen("stream:1") as one,
        two.there.listen("stream:2") as other,
    ):
        two.there.watch("session:", seen.append)
        doomed.kill()
        await until(lambda: not (two.here.is_connected or two.there.is_connected))
        assert await silent(one)
        doomed.start()

        assert await one.heard(SOON_SECONDS)
        assert await other.heard(SOON_SECONDS)
        await until(lambda: two.here.is_connected and two.there.is_connected)
        await until(lambda: "session:" in seen)
        two.here.tell("stream:2")
        assert await other.heard(SOON_SECONDS)


@pytest.mark.slow
async def test_telling_while_redis_is_away_wakes_this_process_and_later_the_others(
    doomed: Valkey,
) -> None:
    async with (
        two_processes(doomed) as two,
        two.here.listen("stream:1") as near,
        two.there.listen("stream:1") as far,
    ):
        doomed.kill()
        await until(lambda: not (two.here.is_connected or two.there.is_connected))
        for number in range(2 * BACKLOG_TOPICS):
            two.here.tell(f"stream:{number}")
        assert await near.heard(timeout_seconds=0)
        assert await silent(far)

        doomed.start()
        assert await far.heard(SOON_SECONDS)


@pytest.mark.slow
async def test_listening_while_redis_is_away_succeeds_and_hears_when_it_is_back(
    doomed: Valkey,
) -> None:
    async with two_processes(doomed, Waits(listen_seconds=0.05)) as two:
        doomed.kill()
        await until(lambda: not two.here.is_connected)

        async with two.here.listen("stream:1") as ear:
            assert not two.here.is_connected
            doomed.start()
            assert await ear.heard(SOON_SECONDS)


@pytest.mark.slow
async def test_closing_while_redis_is_away_returns_promptly(doomed: Valkey) -> None:
    bus_of_one = await RedisBus(doomed.url).__aenter__()
    doomed.kill()
    bus_of_one.tell("stream:1")

    async with asyncio.timeout(2):
        await bus_of_one.__aexit__(None, None, None)

    assert not bus_of_one.is_connected


@pytest.mark.slow
async def test_closing_while_redis_is_frozen_returns_promptly(doomed: Valkey) -> None:
    bus_of_one = await RedisBus(doomed.url, waits=Waits(close_seconds=0.2)).__aenter__()
    doomed.freeze()
    bus_of_one.tell("stream:1")

    async with asyncio.timeout(2):
        await bus_of_one.__aexit__(None, None, None)

    assert not bus_of_one.is_connected


async def test_closing_at_any_moment_of_a_busy_wire_ends(server: Valkey) -> None:
    for turns in range(30):
        one = await RedisBus(server.url, waits=Waits(quiet_seconds=0.0001)).__aenter__()
        for _ in range(turns):
            one.tell("stream:1")
            await asyncio.sleep(0)

        await asyncio.wait_for(one.__aexit__(None, None, None), SOON_SECONDS)


@pytest.mark.slow
async def test_a_redis_that_falls_silent_counts_as_lost_until_it_answers(doomed: Valkey) -> None:
    impatient = Waits(quiet_seconds=0.2, answer_seconds=0.2)
    async with two_processes(doomed, impatient) as two, two.there.listen("stream:1") as ear:
        doomed.freeze()
        await until(lambda: not (two.here.is_connected or two.there.is_connected))
        two.here.tell("stream:1")
        doomed.thaw()

        assert await ear.heard(SOON_SECONDS)
        await until(lambda: two.here.is_connected and two.there.is_connected)
        await all_told(by=two.here, to=two.there)


async def test_a_quiet_wire_that_answers_stays_connected(server: Valkey) -> None:
    async with two_processes(server, Waits(quiet_seconds=0.02)) as two:
        pings_before = await calls(server, "ping")
        async with two.here.listen("stream:1") as ear:
            async with asyncio.timeout(SOON_SECONDS):
                while await calls(server, "ping") < pings_before + 6:
                    pass

            assert two.here.is_connected
            assert await silent(ear)


async def test_starting_without_redis_says_where_it_should_be_and_hides_the_password() -> None:
    port = free_port()
    url = f"redis://ada:hunter2%2F@127.0.0.1:{port}/3?client_name=hunter3"

    with pytest.raises(BusUnreachable) as raised:
        async with RedisBus(url, waits=Waits(start_seconds=0.2)):
            pass

    assert str(raised.value).startswith(
        f"Redis at redis://127.0.0.1:{port}/3 gave no answer in 0.2 s: "
    )
    assert "hunter" not in repr((raised.value, raised.value.__cause__))


async def test_starting_with_a_password_redis_refuses_says_so(server: Valkey) -> None:
    url = server.url.replace("redis://", "redis://:hunter2@")

    with pytest.raises(BusUnreachable, match="password") as raised:
        async with RedisBus(url, waits=Waits(start_seconds=0.2)):
            pass

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("url", ["redis://:hunter/2@127.0.0.1", "https://:hunter2@127.0.0.1"])
def test_an_address_that_cannot_be_read_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(BusUnreachable, match="cannot be read") as raised:
        RedisBus(url)

    assert "hunter" not in str(raised.value)


async def test_a_process_holds_two_connections_and_leaves_nothing_when_it_ends(
    doomed: Valkey,
) -> None:
    tasks_before = asyncio.all_tasks()
    async with two_processes(doomed) as two:
        two.here.tell("stream:1")
        await all_told(by=two.here, to=two.there)
        await all_told(by=two.there, to=two.here)
        async with AsyncExitStack() as stack:
            for number in range(100):
                await stack.enter_async_context(two.here.listen(f"stream:{number}"))
            assert await connections(doomed) == 4

    assert asyncio.all_tasks() == tasks_before
    async with asyncio.timeout(SOON_SECONDS):
        while await connections(doomed):
            pass


@asynccontextmanager
async def client_of(server: Valkey) -> AsyncIterator[redis.asyncio.Redis]:
    async with redis.asyncio.Redis.from_url(server.url) as client:
        yield client


async def calls(server: Valkey, name: str, *, kind: str = "calls") -> int:
    async with client_of(server) as client:
        statistics = await client.info("commandstats")
    return int(statistics.get(f"cmdstat_{name}", {kind: 0})[kind])


async def allow(server: Valkey, command: str) -> None:
    async with client_of(server) as client:
        await client.acl_setuser("default", enabled=True, commands=[command])


async def connections(server: Valkey) -> int:
    """How many there are besides the one that asks."""
    async with client_of(server) as client:
        return len(await client.client_list()) - 1


async def cut(server: Valkey, kind: str) -> None:
    """Closes all connections of a kind, but the one that asks."""
    async with client_of(server) as client:
        await client.client_kill_filter(_type=kind)
