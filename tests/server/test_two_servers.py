"""Two servers that share a PostgreSQL and a Redis: whichever of them is asked, it is one uPay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from domain.transfers import SETTLE_JOB
from models.chain import ChainLink, Unsealed
from models.jobs import Job
from models.postings import Posting
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from tests.api.clients import Listener
from tests.api.test_subscriptions import WALLET
from tests.factories import balances
from tests.server.bookkeeping import crooked_accounts
from tests.server.payers import Customer, Line, customer, line, order, sent_earlier
from tests.server.servers import ran
from tests.server.sites import Site, two_servers

pytestmark = pytest.mark.slow

ADDRESS_POINTS = 200
AT_ONCE_SECONDS = 3.0  # Less than the five for which a token is remembered.
ASKED = "{ me { accountName } }"


@pytest.fixture
async def site(folder: Path, database: DatabaseUrls) -> AsyncIterator[Site]:
    settings = {"UPAY_RATE_ADDRESS": str(ADDRESS_POINTS)}
    with two_servers(folder, database, program="tests.server.hasty", **settings) as site:
        yield site


async def test_both_may_be_the_first_on_an_empty_database(
    folder: Path, postgres: EmbeddedPostgres
) -> None:
    name = f"test_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(f"CREATE DATABASE {name}")

    with two_servers(folder, postgres.database_urls(name)) as site:
        async with line(site.first) as first, line(site.second) as second:
            ready = [await each.http.get("/readyz") for each in (first, second)]
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()

    assert [answer.json()["migrations"] for answer in ready] == ["ok", "ok"]
    assert [answer.status_code for answer in ready] == [200, 200]


async def test_a_caller_has_one_budget_whichever_server_they_ask(site: Site) -> None:
    async with line(site.first) as first, line(site.second) as second:
        spent, refused = 0, set[Line]()
        while len(refused) < 2:
            for each in (first, second):
                answer = await each.ask("{ __typename }")
                if "errors" in answer:
                    [error] = answer["errors"]
                    assert error["extensions"]["code"] == "RATE_LIMITED"
                    refused.add(each)
                else:
                    spent += answer["extensions"]["cost"]["points"]

    # Each server took a last portion of which it could not spend all, and read the document once.
    assert ADDRESS_POINTS - 20 <= spent <= ADDRESS_POINTS


async def test_money_sent_at_one_server_is_heard_at_the_other(site: Site) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    tea = await order(ada, "bob", 250, key="tea")

    async with _listening(site.first, bob) as bobs, line(site.second) as second:
        told = await second.confirm(tea)
        event = await bobs.event()

    assert (event["seq"], event["status"]) == (1, "COMPLETED")
    assert event["movement"]["amount"] == {"amountMinor": 250}
    assert event["movement"]["id"] == told.movement


async def test_a_repeated_key_gets_its_answer_from_the_other_server(site: Site) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    tea = await order(ada, "bob", 250, key="tea")

    async with line(site.first) as first, line(site.second) as second:
        answers = await asyncio.gather(*(each.confirm(tea) for each in (first, second) * 5))

    assert len(set(answers)) == 1
    assert answers[0].outcome == "TransferCompleted"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_a_session_that_ends_at_one_server_is_dead_at_the_other(site: Site) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    unheard = await order(ada, "bob", 250, key="unheard")

    async with (
        line(site.first) as first,
        line(site.second) as second,
        _listening(site.first, bob) as bobs,
    ):
        known = await first.ask(ASKED, bob.token)
        await second.ask("mutation { signOut { endedAt } }", bob.token)
        await _until(lambda: _is_refused(first, bob), seconds=AT_ONCE_SECONDS)
        last = await bobs.message()
        await second.confirm(unheard)
        end = await bobs.message()

    assert known["data"] == {"me": {"accountName": "bob"}}
    assert [each["extensions"]["code"] for each in last["payload"]["errors"]] == ["SESSION_ENDED"]
    assert end["type"] == "complete"


async def test_jobs_are_done_once_and_each_posting_gets_one_link(
    folder: Path, database: DatabaseUrls
) -> None:
    ada, bob = await customer("ada", holds=100_000), await customer("bob")
    due = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(200):
        await sent_earlier(ada, bob, 100, arrives_at=due)

    with two_servers(folder, database) as site:
        await _until(_all_jobs_are_done)
        await _until(_all_is_sealed)
        verified = ran(folder, "verify", **site.settings)

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert await balances(ada.wallet, bob.wallet) == [80_000, 20_000]
    assert {job.attempts for job in await Job.filter(kind=SETTLE_JOB)} == {1}
    links = await ChainLink.all().order_by("seq")
    assert [link.seq for link in links] == list(range(1, len(links) + 1))
    assert {link.subject_id for link in links} >= {each.id for each in await Posting.all()}
    assert await crooked_accounts() == []


async def test_without_redis_money_goes_on_and_events_come_with_the_beat(site: Site) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    orders = [await order(ada, "bob", 100 + place, key=f"tea-{place}") for place in range(3)]

    async with line(site.second) as second, _listening(site.first, bob) as bobs:
        before = await second.confirm(orders[0]), await bobs.event()
        site.redis.kill()
        without = await second.confirm(orders[1]), await bobs.event()
        ready = await second.http.get("/readyz")
        site.redis.start()
        await _until(lambda: _says_ok(second))
        again = await second.confirm(orders[2]), await bobs.event()

    assert [told.outcome for told, _ in (before, without, again)] == ["TransferCompleted"] * 3
    assert [event["seq"] for _, event in (before, without, again)] == [1, 2, 3]
    assert ready.status_code == 200
    assert await balances(ada.wallet, bob.wallet) == [697, 303]


def _listening(address: str, who: Customer) -> Any:
    return Listener.open(address, who.token, WALLET, id=who.wallet_id, after=0)


async def _is_refused(line: Line, who: Customer) -> bool:
    answer = await line.ask(ASKED, who.token)
    return "errors" in answer and answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def _says_ok(line: Line) -> bool:
    answer = await line.http.get("/readyz")
    return bool(answer.json().get("bus") == "ok")


async def _all_jobs_are_done() -> bool:
    return not await Job.filter(kind=SETTLE_JOB, done_at__isnull=True).exists()


async def _all_is_sealed() -> bool:
    return not await Unsealed.all().exists()


async def _until(is_so: Callable[[], Awaitable[bool]], *, seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 - only the servers know
            await asyncio.sleep(0.02)
