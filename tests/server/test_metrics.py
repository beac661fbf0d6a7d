"""What operators read in numbers, and that strangers read none of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from domain import secrets
from jobs.worker import Worker
from models.database import client, connected
from models.ids import new_id
from models.jobs import Job
from realtime import bus
from server import scrapes
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from server.readings import Readings
from tests.api.clients import Asker, Listener, roomy, served
from tests.api.conftest import settle
from tests.api.talkers import Talker
from tests.api.test_subscriptions import WALLET, pay
from tests.conftest import KEYRING
from tests.gates import gate_to
from tests.moments import NOON, Clock
from tests.server.servers import Server, ran, serving
from tests.services import free_port, valkey

OPERATION = "upay_operation_seconds_count"
LABELS = {
    *("api", "kind", "outcome", "code", "status", "state", "ending", "le", "generation"),
}
MINUTE_LATER = NOON + timedelta(minutes=1)


class Numbers:
    """What `/metrics` says at one moment."""

    def __init__(self, text: str) -> None:
        families = text_string_to_metric_families(text)
        self.samples = [sample for family in families for sample in family.samples]

    def get(self, name: str, **labels: str) -> float:
        """The sum of the samples of this name that have these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def since(self, before: Numbers, name: str, **labels: str) -> float:
        return self.get(name, **labels) - before.get(name, **labels)


class Prometheus:
    """Reads the numbers of this process."""

    def __init__(self, worker: Worker) -> None:
        app = scrapes.application(Readings(client(), worker, Clock(MINUTE_LATER)), None)
        transport = httpx2.ASGITransport(app=app)
        self._http = httpx2.AsyncClient(transport=transport, base_url="http://upay.test")

    async def reads(self) -> Numbers:
        answer = await self._http.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=")
        return Numbers(answer.text)


async def _fails(_: Job, __: datetime) -> None:
    raise RuntimeError("no")


async def _works(_: Job, __: datetime) -> None:
    return


@pytest.fixture
def worker(database: DatabaseUrls) -> Worker:
    return Worker({"works": _works, "fails": _fails}, clock=Clock())


@pytest.fixture
def prometheus(worker: Worker) -> Prometheus:
    return Prometheus(worker)


@pytest.fixture
async def app(database: DatabaseUrls) -> AsyncIterator[Starlette]:
    app = application(Front(clock=Clock(), livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


async def test_operations_are_counted_by_api_kind_and_outcome_and_never_by_what_clients_say(
    app: Starlette, prometheus: Prometheus
) -> None:
    ada = await settle(app, Clock(), "ada")
    before = await prometheus.reads()

    await ada.asker.answer("query OneNameOfMany { me { displayName } }")
    await ada.asker.answer("{ nothing }")
    await Asker(app, "/desk/graphql").answer("{ __typename }")
    after = await prometheus.reads()

    public = {"api": "public", "kind": "query"}
    assert after.since(before, OPERATION, outcome="ok", **public) == 1
    assert after.since(before, OPERATION, outcome="refused", api="public", kind="unknown") == 1
    assert after.since(before, OPERATION, outcome="ok", api="desk") == 1
    assert after.since(before, "upay_operation_errors_total", code="DOCUMENT_INVALID") == 1
    assert after.since(before, "upay_http_responses_total", status="2xx") == 3
    assert {name for sample in after.samples for name in sample.labels} <= LABELS
    assert "OneNameOfMany" not in repr(after.samples)


async def test_what_fails_on_our_side_is_told_apart(database_urls: DatabaseUrls) -> None:
    async with (
        gate_to(database_urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        secrets.install(KEYRING)
        prometheus = Prometheus(Worker({}, clock=Clock()))
        app = application(Front(clock=Clock(), livemode=False, rates=roomy()))
        ada = await settle(app, Clock(), "ada")
        # From here on the door knows who that is without asking.
        await ada.asker.data("{ me { id } }")
        before = await prometheus.reads()

        await gate.shut()
        answer = await ada.asker.answer("{ me { wallets { id } } }")
        after = await prometheus.reads()
        secrets.install(None)
        bus.install(None)

    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert after.since(before, OPERATION, outcome="failed", kind="query") == 1
    assert after.since(before, "upay_operation_errors_total", code="UNAVAILABLE") == 1
    assert (before.get("upay_database_up"), after.get("upay_database_up")) == (1, 0)
    assert "upay_chain_lag_seconds" not in {sample.name for sample in after.samples}


async def test_sockets_and_subscriptions_are_counted_while_they_are_open(
    app: Starlette, prometheus: Prometheus
) -> None:
    ada, bob = await settle(app, Clock(), "ada", holds=1_000), await settle(app, Clock(), "bob")
    before = await prometheus.reads()

    async with (
        served(app) as address,
        Talker.open(address),
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await pay(ada, "bob", 10, "one")
        await bobs.event()
        during = await prometheus.reads()
    after = await prometheus.reads()

    assert during.since(before, "upay_sockets_open", api="public") == 2
    assert during.since(before, "upay_subscriptions_open", api="public") == 1
    assert after.since(before, "upay_sockets_open") == 0
    assert after.since(before, "upay_subscriptions_open") == 0
    assert after.since(before, "upay_subscriptions_ended_total", outcome="ok") == 1
    assert after.since(before, "upay_events_total", api="public") >= 1


async def test_the_ledger_says_what_it_posted_and_what_waits(
    app: Starlette, prometheus: Prometheus
) -> None:
    ada, _ = await settle(app, Clock(), "ada", holds=100), await settle(app, Clock(), "bob")
    before = await prometheus.reads()

    await pay(ada, "bob", 60, "first")
    await pay(ada, "bob", 40, "second")
    after = await prometheus.reads()

    assert after.since(before, "upay_ledger_commands_total", outcome="done") == 2
    assert after.since(before, "upay_ledger_command_seconds_count") == 2
    assert after.since(before, "upay_ledger_batch_commands_count") == 2
    assert after.since(before, "upay_ledger_batch_commands_sum") == 2
    assert after.get("upay_ledger_waiting") == 0
    assert after.get("upay_ledger_batch_under_way_seconds") == 0
    assert after.get("upay_chain_lag_seconds") > 0


async def test_jobs_say_how_they_ended_and_how_late_they_are(
    database: DatabaseUrls, worker: Worker, prometheus: Prometheus
) -> None:
    for kind in ("works", "fails", "of nobody here"):
        job_id = new_id()
        await Job.create(id=job_id, kind=kind, subject_id=job_id, due_at=NOON, run_at=NOON)

    waiting = await prometheus.reads()
    await worker.run_due()
    after = await prometheus.reads()

    assert (waiting.get("upay_jobs_waiting"), after.get("upay_jobs_waiting")) == (3, 2)
    assert waiting.get("upay_jobs_due") == 3
    assert after.get("upay_jobs_tried_total", kind="works", ending="done") == 1
    assert after.get("upay_jobs_tried_total", kind="fails", ending="retried") == 1
    assert waiting.get("upay_jobs_late_seconds") == 60


async def test_wires_and_the_process_itself_are_there_too(prometheus: Prometheus) -> None:
    numbers = await prometheus.reads()

    assert numbers.get("upay_bus_connected") == 1
    assert numbers.get("upay_database_connections", state="most") == 8
    assert numbers.get("upay_database_connections", state="used") == 0
    assert numbers.get("process_resident_memory_bytes") > 0


async def test_strangers_find_no_metrics_where_callers_are_answered(app: Starlette) -> None:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as stranger:
        answers = [await stranger.get(path) for path in ("/metrics", "/metrics/")]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.fixture
def two_processes(town: Path) -> Iterator[tuple[Server, int]]:
    """A server whose requests two processes answer, and the port where both are read."""
    port = free_port()
    with (
        valkey() as redis,
        serving(
            town,
            UPAY_WORKERS="2",
            UPAY_REDIS_URL=redis.url,
            UPAY_METRICS=f"127.0.0.1:{port}",
        ) as server,
    ):
        yield server, port


@pytest.mark.slow
def test_the_processes_of_one_server_add_up_whichever_is_asked(
    two_processes: tuple[Server, int],
) -> None:
    server, port = two_processes
    address = f"http://127.0.0.1:{server.port}/graphql"

    asked = [
        httpx2.post(address, json={"query": "{ __typename }"}, trust_env=False) for _ in range(60)
    ]
    read = [
        Numbers(httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text)
        for _ in range(10)
    ]

    processes = {sample.labels.get("process", "") for sample in read[0].samples}
    assert {answer.status_code for answer in asked} == {200}
    assert [numbers.get(OPERATION, outcome="ok") for numbers in read] == [60] * 10
    assert len(processes - {""}) == 2
    assert [numbers.get("upay_database_up") for numbers in read] == [1] * 10


@pytest.mark.slow
def test_an_address_for_metrics_that_is_taken_is_refused_in_one_sentence(town: Path) -> None:
    with serving(town) as server:
        refused = ran(town, "serve", UPAY_PORT="0", UPAY_METRICS=f"127.0.0.1:{server.port}")

    assert refused.returncode == 1
    assert f"UPAY_METRICS names 127.0.0.1:{server.port}, where uPay cannot" in refused.stderr
    assert "Traceback" not in refused.stderr
