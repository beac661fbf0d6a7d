"""How much a caller may ask in a minute, here and in several processes at once."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from server import rates
from server.rate_windows import SharedWindows
from server.rates import Rates, Verdict, headers
from tests.server.servers import Server, serving
from tests.services import Valkey, valkey

ADA, BOB = UUID(int=1), UUID(int=2)
HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"


class Seconds:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def redis() -> Iterator[Valkey]:
    with valkey() as server:
        yield server


async def took(at: Rates, points: int, *, person: UUID | None = None, address: str = HERE) -> bool:
    return (await at.take(caller_id=person, address=address, points=points)).is_allowed


async def test_a_caller_pays_for_each_operation_what_it_costs(seconds: Seconds) -> None:
    at = Rates(person_points=10, clock=seconds)

    verdicts = [await at.take(caller_id=ADA, address=HERE, points=cost) for cost in (3, 6, 2, 1)]

    assert [verdict.is_allowed for verdict in verdicts] == [True, True, False, True]
    assert [verdict.remaining for verdict in verdicts] == [7, 1, 1, 0]
    assert {(verdict.limit, verdict.reset_seconds) for verdict in verdicts} == {(10, 60)}


async def test_the_whole_limit_is_back_when_the_refusal_said_it_would_be(seconds: Seconds) -> None:
    at = Rates(person_points=10, clock=seconds)
    await took(at, 10, person=ADA)

    seconds.now += 18.5
    refused = await at.take(caller_id=ADA, address=HERE, points=1)
    seconds.now += refused.reset_seconds
    returned = await at.take(caller_id=ADA, address=HERE, points=10)

    assert (refused.is_allowed, refused.reset_seconds) == (False, 42)
    assert returned == Verdict(is_allowed=True, limit=10, remaining=0, reset_seconds=60)


async def test_people_and_addresses_are_counted_apart(seconds: Seconds) -> None:
    at = Rates(person_points=10, address_points=5, clock=seconds)
    assert await took(at, 10, person=ADA)
    assert await took(at, 5)

    refused = [await took(at, 1, person=ADA), await took(at, 1)]
    others = [await took(at, 10, person=BOB), await took(at, 5, address=ELSEWHERE)]

    assert refused == [False, False]
    assert others == [True, True]


async def test_a_person_has_one_count_wherever_they_are(seconds: Seconds) -> None:
    at = Rates(person_points=10, clock=seconds)

    await took(at, 10, person=ADA, address=HERE)

    assert not await took(at, 1, person=ADA, address=ELSEWHERE)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("a:made-up:thing", "a:made-up:thing", True),
        ("", "", True),
    ],
)
async def test_an_ipv6_subscriber_is_one_caller_however_many_addresses_they_use(
    seconds: Seconds, one: str, other: str, is_same: bool
) -> None:
    at = Rates(address_points=5, clock=seconds)
    await took(at, 5, address=one)

    is_refused = not await took(at, 1, address=other)

    assert is_refused is is_same


async def test_what_costs_more_than_a_window_costs_a_window(seconds: Seconds) -> None:
    at = Rates(person_points=10, clock=seconds)

    first, second = [await at.take(caller_id=ADA, address=HERE, points=1_000_000) for _ in range(2)]

    assert (first.is_allowed, first.remaining) == (True, 0)
    assert not second.is_allowed


async def test_no_more_callers_are_remembered_than_there_is_room_for(
    seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "CALLERS_KEPT", 2)
    at = Rates(address_points=5, clock=seconds)

    for number in range(3):
        await took(at, 5, address=f"198.51.100.{number}")

    assert [await took(at, 1, address=f"198.51.100.{number}") for number in (2, 1, 0)] == [
        False,
        False,
        True,
    ]


def test_a_caller_is_told_the_limit_the_rest_and_when_to_come_back() -> None:
    allowed = Verdict(is_allowed=True, limit=6_000, remaining=5_990, reset_seconds=59)
    refused = Verdict(is_allowed=False, limit=1_200, remaining=3, reset_seconds=7)

    assert headers(allowed) == [
        (b"ratelimit-policy", b'"points";q=6000;w=60'),
        (b"ratelimit", b'"points";r=5990;t=59'),
    ]
    assert headers(refused) == [
        (b"ratelimit-policy", b'"points";q=1200;w=60'),
        (b"ratelimit", b'"points";r=3;t=7'),
        (b"retry-after", b"7"),
    ]


@asynccontextmanager
async def sharing(url: str, points: int, number: int = 2) -> AsyncIterator[list[Rates]]:
    """As many processes as there are `Rates`, for all that Redis knows."""
    all_of_them = [Rates(person_points=points, windows=SharedWindows(url)) for _ in range(number)]
    try:
        yield all_of_them
    finally:
        for each in all_of_them:
            await each.close()


async def test_several_processes_count_one_caller_together(redis: Valkey) -> None:
    async with sharing(redis.url, 10) as (here, there):
        paid = [await took(at, 2, person=ADA) for at in (here, there) * 3]

    assert paid == [True] * 5 + [False]


async def test_a_refusal_of_a_shared_window_names_when_it_ends(redis: Valkey) -> None:
    async with sharing(redis.url, 10) as (here, there):
        await took(here, 10, person=ADA)
        refused = await there.take(caller_id=ADA, address=HERE, points=1)

    assert (refused.is_allowed, refused.remaining) == (False, 0)
    assert 1 <= refused.reset_seconds <= 60


async def test_all_at_once_in_several_processes_never_get_more_than_the_limit(
    redis: Valkey,
) -> None:
    async with sharing(redis.url, 1_000, number=3) as processes:
        asking = [took(at, 7, person=ADA) for at in processes for _ in range(100)]
        paid = (await asyncio.gather(*asking)).count(True)

    # What a process set aside and did not need is lost to the others: a portion each, at most.
    assert 1_000 - 3 * (1_000 // 50 + 7) <= paid * 7 <= 1_000


async def test_redis_is_asked_once_for_many_operations(redis: Valkey) -> None:
    async with sharing(redis.url, 6_000) as (here, _):
        await took(here, 1, person=ADA)
        redis.kill()
        paid = [await took(here, 1, person=ADA) for _ in range(119)]

    assert paid == [True] * 119


async def test_without_redis_each_process_goes_on_counting_by_itself(
    redis: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="server.rate_windows")
    async with sharing(redis.url, 10) as (here, there):
        assert await took(here, 6, person=ADA)
        redis.kill()

        paid = [await took(at, 4, person=ADA) for at in (here, there) * 4]

    # Here 6 of 10 were spent before; there nothing was known of it.
    assert paid == [True, True, False, True, False, False, False, False]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2, "one line for each process, and not for each caller"
    assert all("counts its callers by itself" in line for line in said)
    assert str(redis.port) not in "".join(said)


async def test_when_redis_is_back_they_count_together_again(
    redis: Valkey, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="server.rate_windows")
    here, there = [
        Rates(person_points=10, windows=SharedWindows(redis.url, clock=seconds), clock=seconds)
        for _ in range(2)
    ]
    redis.kill()
    alone = [await took(at, 10, person=ADA) for at in (here, there)]
    redis.start()
    seconds.now += 60

    together = [await took(at, 6, person=ADA) for at in (here, there)]
    await here.close()
    await there.close()

    assert alone == [True, True]
    assert together == [True, False]
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"] + ["INFO"] * 2


async def test_a_redis_that_hangs_holds_up_one_caller_and_no_others(redis: Valkey) -> None:
    async with sharing(redis.url, 1_000) as (here, _):
        await took(here, 1, person=ADA)
        redis.freeze()
        try:
            held_up = await took(here, 100, person=ADA)
            redis_is_known_to_be_away = await took(here, 900, person=BOB)
        finally:
            redis.thaw()

    assert (held_up, redis_is_known_to_be_away) == (True, True)


@pytest.fixture
def limited(town: Path) -> Iterator[Server]:
    with serving(town, UPAY_RATE_ADDRESS="20") as server:
        yield server


@pytest.fixture
def behind_proxy(town: Path) -> Iterator[Server]:
    """The tests stand where the proxy is."""
    with serving(town, UPAY_RATE_ADDRESS="20", UPAY_TRUSTED_PROXIES="127.0.0.1") as server:
        yield server


@pytest.mark.slow
def test_a_forged_address_is_not_believed(limited: Server) -> None:
    answers = [_asked(limited, forwarded=f"198.51.100.{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert answers[2].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert int(answers[2].headers["retry-after"]) in range(1, 61)
    assert re.fullmatch(r'"points";r=0;t=\d+', answers[2].headers["ratelimit"])
    assert answers[2].headers["ratelimit-policy"] == '"points";q=20;w=60'


@pytest.mark.slow
def test_a_trusted_proxy_is_believed_but_not_what_its_caller_forged(behind_proxy: Server) -> None:
    forged = [
        _asked(behind_proxy, forwarded=f"198.51.100.{number}, 203.0.113.7") for number in range(3)
    ]
    another = _asked(behind_proxy, forwarded="198.51.100.0")

    assert [answer.status_code for answer in forged] == [403, 403, 429]
    assert another.status_code == 403


def _asked(server: Server, *, forwarded: str) -> httpx2.Response:
    """A request that costs 10 points, refused or not, by whom it says."""
    return httpx2.post(
        f"http://127.0.0.1:{server.port}/desk/session/refresh",
        headers={"x-forwarded-for": forwarded},
        timeout=10,
        trust_env=False,
    )
