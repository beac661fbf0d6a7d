"""What a load balancer is told: whether this server can do its work at this moment."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from domain import ledger
from models.database import client, connected
from realtime import bus
from realtime.redis_bus import RedisBus
from server import readiness
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.gates import Gate, gate_to
from tests.moments import Clock
from tests.services import valkey

FINE = {"database": "ok", "migrations": "ok", "chain": "ok", "bus": "ok", "ledger": "ok"}


class Balancer:
    """Asks one server how it is, as load balancers do."""

    def __init__(self, app: Starlette) -> None:
        transport = httpx2.ASGITransport(app=app)
        self._http = httpx2.AsyncClient(transport=transport, base_url="http://upay.test")

    async def asks(self, path: str = "/readyz") -> httpx2.Response:
        """The answer, which may not be waited for longer than a balancer would."""
        async with asyncio.timeout(10):
            return await self._http.get(path)

    async def until(self, told: dict[str, str]) -> httpx2.Response:
        """Asks until it is told so."""
        async with asyncio.timeout(20):
            while (answer := await self.asks()).json() != told:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return answer


@pytest.fixture
def front() -> Front:
    return Front(clock=Clock(), livemode=True)


@pytest.fixture
def balancer(front: Front) -> Balancer:
    return Balancer(application(front))


@pytest.fixture
async def gate(database_urls: DatabaseUrls) -> AsyncIterator[Gate]:
    """The way to the database, on which nobody has said anything yet."""
    async with (
        gate_to(database_urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        try:
            yield gate
        finally:
            await gate.shut()
            bus.install(None)
            await _until_nobody_is_left(database_urls)


async def test_a_server_that_can_do_its_work_says_so_and_names_no_version(
    database: DatabaseUrls, balancer: Balancer
) -> None:
    ready, alive = await balancer.asks(), await balancer.asks("/livez")

    assert (ready.status_code, ready.json()) == (200, FINE)
    assert (alive.status_code, alive.text) == (200, "alive\n")
    shown = "".join(f"{answer.headers}{answer.text}" for answer in (ready, alive))
    assert "server" not in {*ready.headers, *alive.headers}
    assert not re.search(r"\d+\.\d+\.\d+", shown)


async def test_a_database_that_is_gone_makes_it_unready_until_it_is_back(
    gate: Gate, balancer: Balancer
) -> None:
    before = await balancer.asks()

    await gate.shut()
    gone, alive = await balancer.asks(), await balancer.asks("/livez")
    await gate.open()
    back = await balancer.until(FINE)

    assert before.json() == back.json() == FINE
    assert (gone.status_code, gone.json()["database"]) == (503, "failing")
    assert alive.status_code == 200


@pytest.mark.slow
async def test_a_database_that_is_silent_is_not_waited_for_and_costs_one_connection_at_a_time(
    gate: Gate, balancer: Balancer
) -> None:
    before = await balancer.asks()

    gate.swallow_answers()
    answers = await asyncio.gather(*(balancer.asks() for _ in range(20)))
    pool = client().pool
    at_most = pool.get_size() - pool.get_idle_size()
    await gate.cut()
    back = await balancer.until(FINE)

    assert before.json() == back.json() == FINE
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["database"] for answer in answers} == {"failing"}
    assert at_most <= 1


async def test_tables_that_lack_a_migration_of_this_code_make_it_unready(
    database: DatabaseUrls, balancer: Balancer
) -> None:
    await _execute(database, "DELETE FROM tortoise_migrations WHERE name LIKE '0002%'")

    answer = await balancer.asks()

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["migrations"]) == ("ok", "failing")


async def test_tables_that_a_newer_server_has_migrated_leave_it_ready_until_it_is_replaced(
    database: DatabaseUrls, balancer: Balancer
) -> None:
    newer = "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', '9', now())"
    await _execute(database, newer)

    answer = await balancer.asks()

    assert (answer.status_code, answer.json()) == (200, FINE)


async def test_a_chain_that_is_late_is_told_and_keeps_nobody_out(
    database: DatabaseUrls, balancer: Balancer
) -> None:
    await factories.wallet(await factories.person("ada"), holds=100)
    await _execute(database, "UPDATE unsealed SET since = since - interval '1 minute'")

    answer = await balancer.asks()

    assert (answer.status_code, answer.json()) == (200, {**FINE, "chain": "late"})


async def test_a_ledger_that_goes_nowhere_makes_it_unready(
    database: DatabaseUrls, balancer: Balancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "STUCK_SECONDS", 0.0)
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    owner = await asyncpg.connect(database.owner)

    async with owner.transaction():
        await owner.execute("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", wallet.id)
        paying = asyncio.create_task(factories.fund(wallet, ada, 100))
        while not ledger.here().under_way_seconds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)
        answer = await balancer.asks()
    await paying
    await owner.close()

    assert (answer.status_code, answer.json()) == (503, {**FINE, "ledger": "failing"})


async def test_a_bus_that_is_lost_is_told_and_keeps_nobody_out(
    database: DatabaseUrls, balancer: Balancer
) -> None:
    with valkey() as redis:
        async with RedisBus(redis.url) as wire:
            bus.install(wire)
            before = await balancer.asks()
            redis.kill()
            deaf = await balancer.until({**FINE, "bus": "failing"})
            redis.start()
            back = await balancer.until(FINE)

    assert before.json() == FINE
    assert {answer.status_code for answer in (before, deaf, back)} == {200}


async def test_a_server_that_was_asked_to_stop_is_unready_and_alive(
    database: DatabaseUrls, balancer: Balancer, front: Front
) -> None:
    front.stopping.set()

    ready, alive = await balancer.asks(), await balancer.asks("/livez")

    told: dict[str, Any] = ready.json()
    assert (ready.status_code, told) == (503, {"server": "stopping"})
    assert alive.status_code == 200


async def _execute(database: DatabaseUrls, statement: str) -> None:
    owner = await asyncpg.connect(database.owner)
    await owner.execute(statement)
    await owner.close()


async def _until_nobody_is_left(database: DatabaseUrls) -> None:
    """The owner may end no connection of the application's that PostgreSQL has not missed yet."""
    owner = await asyncpg.connect(database.owner)
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with asyncio.timeout(10):
        while await owner.fetchval(others):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await owner.close()
