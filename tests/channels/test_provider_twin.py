"""The payment provider's simulator, a process of its own: what it does, and never forgets."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest

from channels.providers import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    AnswerLost,
    AnswerStatus,
    HttpProvider,
    verify_callback,
)
from channels.twins.orders import Orders
from tests.services import Simulator, simulator
from tests.wires import FarEnd, Heard, far_end


@pytest.fixture(scope="module")
async def callbacks() -> AsyncIterator[FarEnd]:
    async with far_end() as end:
        yield end


@pytest.fixture(scope="module")
def server(callbacks: FarEnd) -> Iterator[Simulator]:
    with simulator(callback=callbacks.url) as running:
        yield running


@pytest.fixture
def doomed(callbacks: FarEnd) -> Iterator[Simulator]:
    """One of the test's own, to be killed."""
    with simulator(callback=callbacks.url) as running:
        yield running


def wire(server: Simulator) -> HttpProvider:
    return HttpProvider("simulator", url=server.url, secret=server.secret)


async def decide(server: Simulator, order_id: UUID) -> None:
    headers = {"Authorization": f"Bearer {server.secret}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        answer = await client.post(f"/control/decide/{order_id}")
    assert answer.status_code == 200


def is_signed(request: Heard, secret: str) -> bool:
    timestamp = request.headers[TIMESTAMP_HEADER.lower()]
    return verify_callback(
        secret.encode(),
        timestamp,
        request.body,
        request.headers[SIGNATURE_HEADER.lower()],
        datetime.fromtimestamp(int(timestamp), UTC),
    )


@pytest.mark.parametrize(
    ("amount", "status", "code"),
    [
        (1, AnswerStatus.DECLINED, "do_not_honor"),
        (151, AnswerStatus.DECLINED, "insufficient_funds"),
        (100, AnswerStatus.SUCCEEDED, None),
        (2**53 - 1 - 91, AnswerStatus.SUCCEEDED, None),
        (191, AnswerStatus.PENDING, None),
        (194, AnswerStatus.PENDING, None),
        (193, AnswerStatus.SUCCEEDED, None),
    ],
)
@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
async def test_the_last_two_digits_choose_the_answer_which_stays_the_same(
    server: Simulator, amount: int, status: AnswerStatus, code: str | None, currency: str
) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        first = await provider.submit(order_id, amount, currency)
        again = await provider.submit(order_id, amount, currency)
        asked = await provider.ask(order_id)

    assert (first.status, first.decline_code) == (status, code)
    assert first.reference == f"sim_{order_id.hex}"
    assert first == again == asked


async def test_an_order_nobody_submitted_is_not_known(server: Simulator) -> None:
    async with wire(server) as provider:
        assert await provider.ask(uuid4()) is None


async def test_the_same_id_for_another_sum_is_no_answer(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(order_id, 100, "CNY")
        with pytest.raises(AnswerLost, match="409"):
            await provider.submit(order_id, 200, "CNY")
        with pytest.raises(AnswerLost, match="409"):
            await provider.submit(order_id, 100, "EUR")


async def test_what_is_no_order_and_who_lacks_the_secret_are_refused(server: Simulator) -> None:
    async with HttpProvider("simulator", url=server.url, secret="wrong") as stranger:
        with pytest.raises(AnswerLost, match="401"):
            await stranger.submit(uuid4(), 100, "CNY")
    async with wire(server) as provider:
        for amount in (0, -1, 2**53):
            with pytest.raises(AnswerLost, match="400"):
                await provider.submit(uuid4(), amount, "CNY")
        with pytest.raises(AnswerLost, match="400"):
            await provider.submit(uuid4(), 100, "RENMINBI")


async def test_92_takes_the_money_and_loses_the_answer(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(order_id, 192, "CNY")
        asked = await provider.ask(order_id)

    assert asked is not None
    assert asked.status is AnswerStatus.SUCCEEDED


async def test_95_loses_the_request_once(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(order_id, 195, "CNY")
        assert await provider.ask(order_id) is None
        again = await provider.submit(order_id, 195, "CNY")

    assert again.status is AnswerStatus.SUCCEEDED


async def test_93_calls_back_twice_with_a_signature(server: Simulator, callbacks: FarEnd) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(order_id, 193, "CNY")
    requests = await callbacks.heard(str(order_id), times=2)

    assert [json.loads(request.body)["status"] for request in requests] == ["succeeded"] * 2
    assert all(is_signed(request, server.secret) for request in requests)


@pytest.mark.parametrize(("amount", "status"), [(191, "succeeded"), (194, "declined")])
async def test_a_delayed_order_calls_back_once_it_is_decided(
    server: Simulator, callbacks: FarEnd, amount: int, status: str
) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(order_id, amount, "CNY")
        await decide(server, order_id)
        [request] = await callbacks.heard(str(order_id))
        asked = await provider.ask(order_id)

    assert json.loads(request.body)["status"] == status
    assert asked is not None
    assert asked.status == status


async def test_a_delay_ends_by_itself(callbacks: FarEnd) -> None:
    order_id = uuid4()
    with simulator(callback=callbacks.url, delay_seconds=0.05) as server:
        async with wire(server) as provider:
            await provider.submit(order_id, 191, "CNY")
            await callbacks.heard(str(order_id))
            asked = await provider.ask(order_id)

    assert asked is not None
    assert asked.status is AnswerStatus.SUCCEEDED


async def test_a_killed_simulator_still_knows_everything_and_calls_back_what_it_owes(
    doomed: Simulator, callbacks: FarEnd
) -> None:
    taken, lost, delayed = uuid4(), uuid4(), uuid4()
    async with wire(doomed) as provider:
        before = await provider.submit(taken, 101, "CNY")
        with pytest.raises(AnswerLost):
            await provider.submit(lost, 195, "CNY")
        await provider.submit(delayed, 191, "CNY")
    doomed.kill()
    doomed.start()

    async with wire(doomed) as provider:
        assert await provider.ask(taken) == before
        assert await provider.ask(lost) is None
        assert (await provider.submit(lost, 195, "CNY")).status is AnswerStatus.SUCCEEDED
        await decide(doomed, delayed)
        [request] = await callbacks.heard(str(delayed))
    assert json.loads(request.body)["status"] == "succeeded"


async def test_a_callback_nobody_hears_is_made_again() -> None:
    refusals = [b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b""]

    def answering(_: Heard, to: asyncio.StreamWriter) -> None:
        to.write(refusals.pop() if refusals else b"HTTP/1.1 204 No Content\r\n\r\n")

    order_id = uuid4()
    async with far_end(answering) as end:
        with simulator(callback=end.url) as server:
            async with wire(server) as provider:
                await provider.submit(order_id, 191, "CNY")
            await decide(server, order_id)
            requests = await end.heard(str(order_id), times=3)

    assert len(requests) == 3


def test_it_ends_with_its_starter(doomed: Simulator) -> None:
    assert doomed.let_go() == 0


def test_half_a_line_at_the_end_of_the_journal_was_told_to_nobody(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    first, second = uuid4(), uuid4()
    Orders(journal).take(first, 100, "CNY", decides_at=0)
    with journal.open("ab") as file:
        file.write(b'{"event": "taken", "order_id": "')

    orders = Orders(journal)
    orders.take(second, 100, "CNY", decides_at=0)

    assert {order.id for order in Orders(journal).all()} == {first, second}
    assert oct(os.stat(journal).st_mode & 0o777) == "0o600"
