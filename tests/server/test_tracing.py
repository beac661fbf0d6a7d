"""Traces: what is told of an operation, a batch and a job, and what never is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.applications import Starlette

from domain import ledger
from jobs.worker import Worker
from models.ids import new_id
from models.jobs import Job
from server import sightings, tracing
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from server.refusals import Refused
from tests import factories
from tests.api.clients import Listener, roomy, served
from tests.api.conftest import PIN, settle
from tests.api.test_subscriptions import WALLET, pay
from tests.moments import NOON, Clock
from tests.server.lines import logged

COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.fixture
async def app(database: DatabaseUrls) -> AsyncIterator[Starlette]:
    app = application(Front(clock=Clock(), livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Keeps the spans of this process in memory."""
    kept = InMemorySpanExporter()
    with tracing.exporting(kept, at_once=True):
        yield kept


def _of(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


async def test_an_operation_is_one_span_with_its_kind_its_name_and_how_it_went(
    app: Starlette, exporter: InMemorySpanExporter
) -> None:
    ada = await settle(app, Clock(), "ada")

    with logged() as said:
        await ada.asker.answer("query Me { me { displayName } }")

    [span] = _of(exporter, "query")
    [line] = said.of("upay.access")
    assert dict(span.attributes or {}) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Me",
        "upay.api": "public",
        "upay.outcome": "ok",
        "upay.answers": 1,
        "upay.request_id": line["request_id"],
    }
    assert span.context is not None
    assert line["trace_id"] == f"{span.context.trace_id:032x}"
    assert span.status.status_code is StatusCode.UNSET


async def test_no_span_holds_what_was_typed_or_moved(
    app: Starlette, exporter: InMemorySpanExporter
) -> None:
    ada, bob = await settle(app, Clock(), "ada", holds=98_765), await settle(app, Clock(), "bob")

    await pay(ada, "bob", 54_321, "key-of-ada", note="for the tea")
    await ada.asker.answer('{ movementByKey(key: "key-of-ada") { id } nothing(secret: "tea") }')

    told = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert len(_of(exporter, "mutation")) == 2
    for word in (PIN, "54321", "key-of-ada", "tea", "bob", "movementByKey", ada.tokens.access):
        assert word not in told, word
    assert bob.wallet_id not in told


async def test_what_is_refused_has_its_code_and_what_fails_on_our_side_is_an_error(
    app: Starlette, exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await settle(app, Clock(), "ada")
    monkeypatch.setattr("server.operations.ANSWER_SECONDS", 0.0)

    await ada.asker.answer("{ nothing }")
    await ada.asker.answer("{ me { wallets { id } } }")

    [refused], [failed] = _of(exporter, "operation"), _of(exporter, "query")
    assert refused.attributes is not None
    assert failed.attributes is not None
    assert refused.attributes["upay.code"] == "DOCUMENT_INVALID"
    assert refused.status.status_code is StatusCode.UNSET
    assert failed.attributes["upay.code"] == "TIMEOUT"
    assert failed.status.status_code is StatusCode.ERROR


async def test_a_request_that_names_a_trace_continues_it(
    app: Starlette, exporter: InMemorySpanExporter
) -> None:
    transport = httpx2.ASGITransport(app=app)
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}

    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as client:
        for told in (headers, {"traceparent": "00-nonsense"}):
            await client.post("/graphql", json={"query": "{ __typename }"}, headers=told)

    followed, own = _of(exporter, "query")
    assert followed.parent is not None
    assert f"{followed.parent.trace_id:032x}/{followed.parent.span_id:016x}" == f"{TRACE}/{PARENT}"
    assert own.parent is None


async def test_a_subscription_is_one_span_from_its_beginning_to_its_end(
    app: Starlette, exporter: InMemorySpanExporter
) -> None:
    ada, bob = await settle(app, Clock(), "ada", holds=1_000), await settle(app, Clock(), "bob")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await pay(ada, "bob", 10, "one")
        await bobs.event()

    [span] = _of(exporter, "subscription")
    assert span.attributes is not None
    assert span.attributes["upay.outcome"] == "ok"


async def test_a_batch_of_the_ledger_is_a_span_of_its_own_that_says_how_many_it_held(
    database: DatabaseUrls, exporter: InMemorySpanExporter
) -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    ledger.here().watcher = tracing.batch_posted

    await factories.fund(wallet, ada, 12_345)

    [span] = _of(exporter, "ledger batch")
    assert dict(span.attributes or {}) == {"upay.commands": 1}
    assert span.parent is None
    assert span.start_time is not None
    assert span.end_time is not None
    assert span.start_time < span.end_time


async def test_a_job_is_a_span_that_says_its_kind_and_how_it_went(
    database: DatabaseUrls, exporter: InMemorySpanExporter
) -> None:
    async def works(_: Job, __: datetime) -> None:
        return

    async def fails(_: Job, __: datetime) -> None:
        raise RuntimeError("no")

    for kind in ("works", "fails"):
        await Job.create(id=new_id(), kind=kind, subject_id=new_id(), due_at=NOON, run_at=NOON)

    worker = Worker({"works": works, "fails": fails}, clock=Clock(), around=sightings.job)
    await worker.run_due()

    [worked], [failed] = _of(exporter, "job works"), _of(exporter, "job fails")
    assert (worked.attributes or {})["upay.outcome"] == "ok"
    assert (failed.attributes or {})["upay.outcome"] == "failed"
    assert failed.events == ()


def test_packages_that_are_missing_are_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "find_spec", lambda _: None)

    with pytest.raises(Refused) as refused:
        tracing.is_wanted({COLLECTOR: "http://collector:4318"})

    assert str(refused.value).startswith(f"{COLLECTOR} is set, and what sends traces is not")
    assert "opentelemetry-exporter-otlp-proto-http" in str(refused.value)
    assert not tracing.is_wanted({})
