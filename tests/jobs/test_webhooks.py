"""From what happened to what a merchant's server hears, over a real wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from standardwebhooks import Webhook

from channels.webhooks import Sender
from domain import merchant_events, webhooks
from domain.decisions import decision
from domain.merchant_events import EventType
from domain.webhooks import LADDER, Wish
from jobs.handlers import Wires, registry
from jobs.webhook_turns import AT_ONCE
from jobs.worker import Worker
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant
from models.orders import Order
from models.payments import MerchantEvent, Payment
from models.webhooks import (
    AttemptError,
    DeliveryStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from schema import webhook_bodies
from tests import factories
from tests.domain import hooks, shops
from tests.jobs.conftest import Clock
from tests.moments import NOON
from tests.wires import NO_CONTENT, FarEnd, Heard, far_end, saying

pytestmark = pytest.mark.usefixtures("database")

NO = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
TAKING = frozenset({merchant_events.TELL_JOB, webhooks.DELIVER_JOB})


@pytest.fixture(autouse=True)
def neighbourhood() -> Iterator[None]:
    with hooks.neighbours():
        yield


@pytest.fixture
async def shop(database: object) -> Merchant:
    return await factories.merchant(await factories.person("mei"))


def worker_by(clock: Clock, *, sender: Sender | None = None, lease_seconds: float = 15.0) -> Worker:
    """A worker that tells merchants, and nothing else."""
    handlers = registry(Wires(sender=sender or Sender()))
    mine = {kind: handler for kind, handler in handlers.items() if kind in TAKING}
    return Worker(mine, clock=clock, concurrency=32, lease_seconds=lease_seconds)


async def paid(shop: Merchant, amount: int = 1_250) -> Order:
    """An order that ada has just paid."""
    ada = await factories.person(f"ada{new_id().hex[-8:]}")
    order = await factories.order(shop, amount, reference=f"A-{new_id().hex[-6:]}")
    await factories.payment(order, await factories.wallet(ada, holds=amount))
    return order


async def listening(shop: Merchant, end: FarEnd, **changes: Any) -> tuple[WebhookEndpoint, str]:
    """The shop's endpoint at the far end, and its secret."""
    return await webhooks.add(shop.id, Wish(url=f"{end.url}/hooks", **changes), NOON)


async def test_a_merchant_hears_of_a_payment_signed_and_in_the_words_of_the_api(
    shop: Merchant, clock: Clock
) -> None:
    order = await paid(shop)
    payment = await Payment.get(order_id=order.id)
    async with far_end() as end:
        _, secret = await listening(shop, end)
        await worker_by(clock).run_due()
        [request] = await end.heard("payment.captured")

    told = Webhook(secret).verify(request.body, request.headers)
    [event] = await MerchantEvent.all()
    assert request.headers["webhook-id"] == f"mev_{event.id.hex}"
    assert request.body.decode() == event.body
    assert (told["type"], told["timestamp"]) == ("payment.captured", "2026-03-02T12:00:00Z")
    captured = {"amountMinor": 1_250, "currency": "CNY"}
    nothing = {"amountMinor": 0, "currency": "CNY"}
    assert told["data"] == {
        "id": f"pay_{payment.movement_id.hex}",
        "object": "payment",
        "seq": 1,
        "status": "CAPTURED",
        "amount": captured,
        "authorized": captured,
        "captured": captured,
        "voided": nothing,
        "refunded": nothing,
        "refundPending": nothing,
        "captureBefore": None,
        "failure": None,
        "createdAt": "2026-03-02T12:00:00Z",
        "settledAt": "2026-03-02T12:00:00Z",
        "orderId": f"ord_{order.id.hex}",
        "orderNumber": order.number,
        "reference": order.reference,
        "description": order.description,
        "merchantId": f"mer_{shop.id.hex}",
        "livemode": False,
        "asOf": "2026-03-02T12:00:00Z",
    }
    [delivery] = await WebhookDelivery.all()
    assert (delivery.status, delivery.tries) == (DeliveryStatus.DELIVERED, 1)


async def test_a_merchant_does_not_hear_why_a_payer_could_not_pay(
    shop: Merchant, clock: Clock
) -> None:
    ada = await factories.person("ada")
    order = await factories.order(shop, 1_000)
    with pytest.raises(AssertionError, match="INSUFFICIENT_FUNDS"):
        await factories.payment(order, await factories.wallet(ada, holds=999))

    await worker_by(clock).run_due()

    event = await MerchantEvent.get(type="payment.failed")
    assert event.body is not None
    assert "INSUFFICIENT_FUNDS" not in event.body
    data = json.loads(event.body)["data"]
    assert (data["status"], data["captured"]["amountMinor"]) == ("FAILED", 0)
    assert data["failure"]["code"]


async def test_every_type_of_event_has_somebody_who_describes_it() -> None:
    assert {each.partition(".")[0] for each in EventType} == set(webhook_bodies._DESCRIBED)


async def test_what_cannot_be_delivered_comes_again_the_same_with_another_timestamp(
    shop: Merchant, clock: Clock
) -> None:
    answers = iter([NO, NO, NO_CONTENT])
    async with far_end(lambda _, wire: wire.write(next(answers))) as end:
        await listening(shop, end)
        await paid(shop)
        worker = worker_by(clock)
        for pause in (LADDER[1], LADDER[2], LADDER[3]):
            await worker.run_due()
            clock.now += pause * 1.1
        requests = await end.heard("payment.captured", times=3)

    assert len({each.headers["webhook-id"] for each in requests}) == 1
    assert len({each.body for each in requests}) == 1
    attempts = await WebhookAttempt.all().order_by("at")
    assert [(each.status_code, each.answer, each.error) for each in attempts] == [
        (503, "busy", AttemptError.STATUS),
        (503, "busy", AttemptError.STATUS),
        (204, "", None),
    ]
    assert (await WebhookEndpoint.get()).failing_since is None


async def test_a_receiver_that_is_down_for_an_hour_misses_nothing(
    shop: Merchant, clock: Clock
) -> None:
    is_down = True

    def answering(_: Heard, wire: Any) -> None:
        wire.write(NO if is_down else NO_CONTENT)

    async with far_end(answering) as end:
        _, secret = await listening(shop, end)
        orders = [await paid(shop) for _ in range(6)]
        worker = worker_by(clock)
        for _ in range(6):
            await worker.run_due()
            clock.advance(minutes=10)
        is_down = False
        clock.advance(hours=3)
        for _ in range(3):  # A few at a time: the others come a moment later.
            await worker.run_due()
            clock.advance(seconds=1)

    assert await WebhookDelivery.filter(status=DeliveryStatus.DELIVERED).count() == 6
    told = [Webhook(secret).verify(each.body, each.headers) for each in end.requests[-6:]]
    assert {each["data"]["reference"] for each in told} == {each.reference for each in orders}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "redirect"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status"),
        (b"", "broken"),
    ],
)
async def test_only_2xx_is_a_yes(shop: Merchant, clock: Clock, answer: bytes, error: str) -> None:
    async with far_end(saying(answer)) as end:
        await listening(shop, end)
        await paid(shop)
        await worker_by(clock).run_due()

    [attempt] = await WebhookAttempt.all()
    assert attempt.error == error
    assert (await WebhookDelivery.get()).status is DeliveryStatus.PENDING


async def test_a_name_that_leads_inside_by_now_is_not_called(shop: Merchant, clock: Clock) -> None:
    answers = [["93.184.216.34"], ["169.254.169.254"]]

    async def rebinding(_: str) -> list[str]:
        return answers.pop(0)

    with hooks.neighbours(rebinding):
        await webhooks.add(shop.id, Wish(url="https://shop.example/hooks"), NOON)
        await paid(shop)
        await worker_by(clock).run_due()

    [attempt] = await WebhookAttempt.all()
    assert (attempt.status_code, attempt.error) == (None, AttemptError.REFUSED_ADDRESS)
    assert answers == []


async def test_nothing_is_sent_unsigned(shop: Merchant, clock: Clock) -> None:
    async with far_end() as end:
        await listening(shop, end)
        await WebhookSecret.all().delete()
        await paid(shop)
        await worker_by(clock).run_due()

    assert end.requests == []
    assert (await WebhookAttempt.get()).error is AttemptError.NO_SECRET


async def test_what_a_worker_that_died_had_begun_is_sent_again_with_the_same_id(
    shop: Merchant, clock: Clock
) -> None:
    async with far_end() as end:
        await listening(shop, end)
        await paid(shop)
        await worker_by(clock).run_due()
        # As it is when it died after sending and before writing down that it had.
        await WebhookAttempt.all().delete()
        await WebhookDelivery.all().update(
            status=DeliveryStatus.PENDING, tries=0, ended_at=None, next_at=NOON
        )
        await Job.filter(kind=webhooks.DELIVER_JOB).update(done_at=None)
        await worker_by(clock).run_due()
        first, second = await end.heard("payment.captured", times=2)

    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert (await WebhookDelivery.get()).status is DeliveryStatus.DELIVERED


async def test_an_endpoint_that_hangs_holds_up_nobody_else(shop: Merchant, clock: Clock) -> None:
    hanging = asyncio.Event()
    reached = 0

    async def hang(reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        nonlocal reached
        reached += 1
        await hanging.wait()
        wire.close()

    bakery = await factories.merchant(await factories.person("lou"), "Bakery")
    async with AsyncExitStack() as stack:
        slow = await stack.enter_async_context(await asyncio.start_server(hang, "127.0.0.1", 0))
        port = slow.sockets[0].getsockname()[1]
        stack.callback(hanging.set)
        quick = await stack.enter_async_context(far_end())
        await webhooks.add(shop.id, Wish(url=f"http://127.0.0.1:{port}/"), NOON)
        await listening(bakery, quick)
        for _ in range(40):
            await hooks.told_about(shop)
        await hooks.told_about(bakery)
        worker = worker_by(clock)
        working = asyncio.create_task(worker.run())

        await quick.heard("order.closed")
        await _until_all_are_asked_for(41)

        assert reached <= AT_ONCE
        hanging.set()
        worker.stop()
        await working
    delayed = await WebhookDelivery.filter(status=DeliveryStatus.PENDING, tries=0)
    assert len(delayed) == 40 - AT_ONCE
    assert {each.next_at is not None and each.next_at > NOON for each in delayed} == {True}


async def _until_all_are_asked_for(deliveries: int) -> None:
    """Returns when each event has a delivery that was tried, is being tried, or was put off."""
    async with asyncio.timeout(10):
        while await WebhookDelivery.filter(next_at=NOON).count() != AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await WebhookDelivery.all().count() == deliveries


async def test_an_endpoint_that_asked_for_rest_is_left_alone(shop: Merchant, clock: Clock) -> None:
    busy = b"HTTP/1.1 429 Slow\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n"
    async with far_end(saying(busy)) as end:
        await listening(shop, end)
        await paid(shop)
        worker = worker_by(clock)
        await worker.run_due()
        await paid(shop)
        clock.advance(seconds=599)
        await worker.run_due()
        heard_before = len(end.requests)
        clock.advance(seconds=1)
        await worker.run_due()

    assert (heard_before, len(end.requests)) == (1, 3)


async def test_a_refund_is_told_with_what_it_is_of(clock: Clock) -> None:
    shop = await shops.shop()
    refund = await shop.refund(note="Sold out")

    await worker_by(clock).run_due()

    event = await MerchantEvent.get(type="refund.succeeded")
    assert event.body is not None
    data = json.loads(event.body)["data"]
    assert (data["id"], data["status"], data["seq"]) == (f"rfd_{refund.id.hex}", "SUCCEEDED", 1)
    assert data["paymentId"] == f"pay_{shop.payment.movement_id.hex}"
    assert data["amount"] == {"amountMinor": 1_000, "currency": "CNY"}
    assert data["note"] == "Sold out"


async def test_a_closed_order_and_an_endpoint_are_described_one_that_is_gone_too(
    shop: Merchant,
) -> None:
    order = await factories.order(shop, 700)
    endpoint = await hooks.endpoint(shop)
    async with decision() as announce:
        for type, subject_id in (
            (EventType.ORDER_CLOSED, order.id),
            (EventType.ENDPOINT_DISABLED, endpoint.id),
            (EventType.ENDPOINT_DISABLED, new_id()),
        ):
            await merchant_events.record(announce, shop.id, type, subject_id=subject_id, now=NOON)

    for event in await MerchantEvent.all():
        await webhook_bodies.write(event, livemode=True, now=NOON)

    closed = await MerchantEvent.get(type="order.closed")
    told = json.loads(await webhook_bodies.write(closed, livemode=True, now=NOON))["data"]
    assert (told["object"], told["amount"]["amountMinor"], told["livemode"]) == ("order", 700, True)
