"""Being asked to stop with callers inside: what was begun is finished, all others sent on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from domain.transfers import SETTLE_JOB
from models.jobs import Job
from server.embedded.postgres import DatabaseUrls
from tests.api.talkers import Talker
from tests.api.test_subscriptions import WALLET
from tests.factories import balances
from tests.server.locks import held
from tests.server.payers import CONFIRM, Customer, Line, Order, customer, line, order, sent_earlier
from tests.server.servers import Server, serving
from tests.server.sites import SETTINGS
from tests.services import valkey

pytestmark = pytest.mark.slow

STOP_SECONDS = 10.0  # What a container is given before it is killed.
EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(params=["1", "2"], ids=["one process", "two processes"])
def server(
    folder: Path, database: DatabaseUrls, request: pytest.FixtureRequest
) -> Iterator[Server]:
    several = {"UPAY_WORKERS": request.param}
    with valkey() as redis:
        settings = {**_settings(database), **several, "UPAY_REDIS_URL": redis.url}
        with serving(folder, **settings) as server:
            yield server


async def test_whoever_is_inside_gets_an_answer_or_is_told_to_come_back(
    server: Server, database: DatabaseUrls
) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    tea = await order(ada, "bob", 250, key="tea")

    async with (
        held(database.owner, ada.wallet.id) as lock,
        line(_address(server)) as paying,
        line(_address(server)) as resting,
        Talker.open(_address(server), bob.token) as socket,
        _event_stream(server, bob) as stream,
    ):
        await resting.ask("{ __typename }")
        await socket.subscribe("1", {"query": WALLET, "variables": {"id": bob.wallet_id}})
        answer = asyncio.create_task(_post(paying, tea))
        await lock.is_waited_for()
        os.kill(server.process.pid, signal.SIGTERM)
        closed_with = await socket.end()
        rest_of_stream = [part async for part in stream.aiter_text()]
        await _is_refused(server)
        is_answered_early = answer.done()
        await lock.release()
        response = await answer
        code = await asyncio.to_thread(server.wait)

    assert not is_answered_early
    assert response.json()["data"]["confirmTransfer"]["__typename"] == "TransferCompleted"
    assert response.headers["connection"] == "close"
    assert closed_with == 1012
    assert "event: complete" not in "".join(rest_of_stream)
    assert code == 0
    assert "Traceback" not in server.output
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_what_hangs_is_left_in_time_and_answered_after_the_next_start(
    folder: Path, server: Server, database: DatabaseUrls
) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    tea = await order(ada, "bob", 250, key="tea")
    await _due_transfer(ada, bob, 100)

    async with held(database.owner, ada.wallet.id) as lock, line(_address(server)) as paying:
        answer = asyncio.create_task(_post(paying, tea))
        await lock.is_waited_for()
        await _until_a_job_is_under_way()
        began = time.monotonic()
        os.kill(server.process.pid, signal.SIGTERM)
        code = await asyncio.to_thread(server.wait)
        took_seconds = time.monotonic() - began
        broken_off = await answer
        [job] = await Job.filter(kind=SETTLE_JOB)

    assert code == 0
    assert "Traceback" not in server.output
    assert took_seconds < STOP_SECONDS
    assert broken_off.status_code == 503
    assert broken_off.json()["errors"][0]["extensions"] == {"code": "TIMEOUT"}
    assert broken_off.headers["x-request-id"]
    assert (job.done_at, job.lease, job.attempts) == (None, None, 0)

    with serving(folder, **_settings(database)) as again:
        async with line(_address(again)) as paying:
            told = await paying.confirm(tea)
        await _until_jobs_are_done()

    assert told.outcome == "TransferCompleted"
    assert await balances(ada.wallet, bob.wallet) == [650, 350]


async def test_a_second_ctrl_c_leaves_at_once_what_hangs_in_the_database(
    server: Server, database: DatabaseUrls
) -> None:
    ada, _ = await customer("ada", holds=1_000), await customer("bob")
    tea = await order(ada, "bob", 250, key="tea")

    async with held(database.owner, ada.wallet.id) as lock, line(_address(server)) as paying:
        answer = asyncio.create_task(_post(paying, tea))
        await lock.is_waited_for()
        server.signal(signal.SIGINT)
        await _is_refused(server)
        began = time.monotonic()
        server.signal(signal.SIGINT)
        code = await asyncio.to_thread(server.wait)
        took_seconds = time.monotonic() - began
        await asyncio.wait([answer])

    assert code == 0
    assert took_seconds < 3
    assert "Traceback" not in server.output


async def test_a_draining_server_says_that_it_leaves_and_still_answers(
    folder: Path, database: DatabaseUrls
) -> None:
    settings = {**_settings(database), "UPAY_DRAIN_SECONDS": "3"}
    with serving(folder, **settings) as server:
        async with line(_address(server)) as caller:
            before = await caller.http.get("/readyz")
            os.kill(server.process.pid, signal.SIGTERM)
            while (leaving := await caller.http.get("/readyz")).status_code == 200:
                pass
            answer = await caller.ask("{ __typename }")
            await _is_refused(server)
        code = await asyncio.to_thread(server.wait)

    assert (before.status_code, "connection" in before.headers) == (200, False)
    assert (leaving.status_code, leaving.json()) == (503, {"server": "stopping"})
    assert leaving.headers["connection"] == "close"
    assert answer["data"] == {"__typename": "Query"}
    assert code == 0


def _settings(urls: DatabaseUrls) -> dict[str, str]:
    return {
        **SETTINGS,
        "UPAY_DATABASE_URL": urls.application,
        "UPAY_DATABASE_OWNER_URL": urls.owner,
    }


def _address(server: Server) -> str:
    return f"127.0.0.1:{server.port}"


async def _post(line: Line, order: Order) -> httpx2.Response:
    """One try, whatever comes back."""
    headers = {"authorization": f"Bearer {order.customer.token}"}
    body = {"query": CONFIRM, "variables": {"input": order.words}}
    return await line.http.post("/graphql", json=body, headers=headers)


@asynccontextmanager
async def _event_stream(server: Server, who: Customer) -> AsyncIterator[httpx2.Response]:
    """A subscription as server-sent events, which has begun."""
    headers = {"authorization": f"Bearer {who.token}", **EVENTS}
    body = {"query": WALLET, "variables": {"id": who.wallet_id}}
    url = f"http://{_address(server)}/graphql"
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=30) as http,
        http.stream("POST", url, json=body, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        yield response


async def _is_refused(server: Server) -> None:
    """Returns when nobody is let in any more."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                # It was let in at the moment the door was closed.
                continue
            writer.close()


async def _due_transfer(payer: Customer, payee: Customer, amount: int) -> None:
    due = datetime.now(UTC) + timedelta(seconds=1)
    await sent_earlier(payer, payee, amount, arrives_at=due)


async def _until_a_job_is_under_way() -> None:
    async with asyncio.timeout(30):
        while not await Job.filter(kind=SETTLE_JOB, lease__isnull=False).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _until_jobs_are_done() -> None:
    async with asyncio.timeout(30):
        while await Job.filter(kind=SETTLE_JOB, done_at__isnull=True).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
