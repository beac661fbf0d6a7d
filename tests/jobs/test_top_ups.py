"""Top-ups end to end: a real provider in another process, every magic amount, every accident."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from channels.providers import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    AnswerLost,
    HttpProvider,
    Order,
    ProviderAnswer,
    Unreachable,
    verify_callback,
)
from domain import provider_orders, top_ups
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.jobs import Job
from models.movements import Movement, MovementStatus
from models.providers import ProviderMessage, ProviderOrder
from models.wallets import Account
from tests import factories
from tests.domain import books
from tests.factories import balances
from tests.jobs.conftest import PROVIDER, Clock
from tests.jobs.scripted import PENDING, SUCCEEDED, Scripted
from tests.moments import NOON
from tests.services import Simulator, simulator
from tests.wires import FarEnd, far_end, json_answer, saying

pytestmark = pytest.mark.usefixtures("database", "provider")


async def started(amount: int, *, currency: str = "CNY") -> tuple[Account, Movement]:
    """Ada's wallet, and a top-up of it that she just asked for."""
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada, currency=currency)
    wish = top_ups.Wish(wallet_id=wallet.id, amount=amount, currency=currency, key="k")
    return wallet, await top_ups.start(wish, by=ada.id, now=NOON)


async def status_of(top_up: Movement) -> MovementStatus:
    return (await Movement.get(id=top_up.id)).status


async def decide(server: Simulator, top_up: Movement) -> None:
    headers = {"Authorization": f"Bearer {server.secret}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        await client.post(f"/control/decide/{top_up.id}")


async def take_callbacks(end: FarEnd, server: Simulator, top_up: Movement, *, times: int) -> None:
    """Does with callbacks what uPay's door does with them."""
    for request in await end.heard(str(top_up.id), times=times):
        timestamp = request.headers[TIMESTAMP_HEADER.lower()]
        assert verify_callback(
            server.secret.encode(),
            timestamp,
            request.body,
            request.headers[SIGNATURE_HEADER.lower()],
            datetime.fromtimestamp(int(timestamp), UTC),
        )
        await provider_orders.hear(PROVIDER, request.body, NOON)


async def nothing_is_left_to_do() -> bool:
    return not await Job.filter(done_at__isnull=True).exists()


@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
async def test_an_ordinary_amount_arrives_at_once(worker: Worker, currency: str) -> None:
    wallet, top_up = await started(12_300, currency=currency)

    await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [12_300]
    assert (await ProviderOrder.get()).reference == f"sim_{top_up.id.hex}"
    assert await nothing_is_left_to_do()
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "raw", "code"),
    [
        (101, "do_not_honor", "PROVIDER_DECLINED"),
        (102, "contact_bank", "CONTACT_BANK"),
        (114, "account_invalid", "BANK_ACCOUNT_INVALID"),
        (115, "account_closed", "BANK_ACCOUNT_INVALID"),
        (151, "insufficient_funds", "CARD_FUNDS"),
        (154, "expired_card", "CARD_EXPIRED"),
        (161, "card_limit", "CARD_LIMIT"),
        (188, "code_88", "PROVIDER_DECLINED"),
        (190, "provider_down", "PROVIDER_DOWN"),
    ],
)
async def test_a_declined_card_fails_the_top_up_and_its_own_code_is_kept(
    worker: Worker, amount: int, raw: str, code: str
) -> None:
    wallet, top_up = await started(amount)

    await worker.run_due()

    ended, [message] = await Movement.get(id=top_up.id), await ProviderMessage.all()
    assert (ended.status, ended.failure_code) == (MovementStatus.FAILED, code)
    assert json.loads(message.body["text"])["decline_code"] == raw
    assert (await ProviderOrder.get()).decline_code == raw
    assert message.movement_id == top_up.id
    assert await balances(wallet) == [0]
    assert await nothing_is_left_to_do()


@pytest.mark.parametrize(
    ("amount", "status", "balance"),
    [(191, MovementStatus.COMPLETED, 191), (194, MovementStatus.FAILED, 0)],
)
async def test_a_delayed_answer_is_pending_asked_for_less_and_less_often_and_then_true(
    worker: Worker,
    clock: Clock,
    provider_server: Simulator,
    amount: int,
    status: MovementStatus,
    balance: int,
) -> None:
    wallet, top_up = await started(amount)
    await worker.run_due()
    assert await status_of(top_up) is MovementStatus.PENDING

    clock.advance(seconds=2)
    assert await worker.run_due() == 1
    clock.advance(seconds=2)
    assert await worker.run_due() == 0
    await decide(provider_server, top_up)
    clock.advance(seconds=2)
    assert await worker.run_due() == 1

    assert await status_of(top_up) is status
    assert await balances(wallet) == [balance]
    assert await nothing_is_left_to_do()
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "status", "balance"),
    [(291, MovementStatus.COMPLETED, 291), (294, MovementStatus.FAILED, 0)],
)
async def test_a_callback_ends_the_waiting_at_once(
    worker: Worker,
    provider_server: Simulator,
    callbacks: FarEnd,
    amount: int,
    status: MovementStatus,
    balance: int,
) -> None:
    wallet, top_up = await started(amount)
    await worker.run_due()

    await decide(provider_server, top_up)
    await take_callbacks(callbacks, provider_server, top_up, times=1)
    await worker.run_due()

    assert await status_of(top_up) is status
    assert await balances(wallet) == [balance]


async def test_a_lost_answer_is_unknown_until_the_provider_was_asked(
    worker: Worker, clock: Clock
) -> None:
    wallet, top_up = await started(192)
    await worker.run_due()
    assert await status_of(top_up) is MovementStatus.UNKNOWN
    assert await balances(wallet) == [0]

    clock.advance(seconds=2)
    await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [192]
    assert await nothing_is_left_to_do()
    await books.assert_sound()


async def test_an_answer_given_three_times_credits_once(
    worker: Worker, provider_server: Simulator, callbacks: FarEnd
) -> None:
    wallet, top_up = await started(193)
    await worker.run_due()

    await take_callbacks(callbacks, provider_server, top_up, times=2)
    await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [193]
    kinds = [each.kind for each in await ProviderMessage.filter(movement_id=top_up.id)]
    assert sorted(kinds) == ["ask", "ask", "callback", "callback", "submit"]
    await books.assert_sound()


async def test_a_lost_request_is_unknown_then_submitted_again_with_its_own_id(
    worker: Worker, clock: Clock
) -> None:
    wallet, top_up = await started(195)
    await worker.run_due()
    assert await status_of(top_up) is MovementStatus.UNKNOWN

    clock.advance(seconds=2)
    await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [195]
    assert (await ProviderOrder.get()).reference == f"sim_{top_up.id.hex}"


async def test_a_provider_killed_between_submitting_and_asking_still_tells_the_truth(
    callbacks: FarEnd, clock: Clock
) -> None:
    wallet, top_up = await started(192)
    with simulator(callback=callbacks.url) as server:
        async with HttpProvider(PROVIDER, url=server.url, secret=server.secret) as wire:
            worker = Worker(registry(Wires(provider=wire)), clock=clock)
            await worker.run_due()
            server.kill()
            clock.advance(seconds=2)
            await worker.run_due()
            assert await status_of(top_up) is MovementStatus.UNKNOWN

            server.start()
            clock.advance(seconds=4)
            await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [192]
    assert await nothing_is_left_to_do()


async def test_while_the_provider_is_away_a_top_up_waits_and_is_not_unknown(
    callbacks: FarEnd, clock: Clock
) -> None:
    wallet, top_up = await started(12_300)
    with simulator(callback=callbacks.url) as server:
        server.kill()
        async with HttpProvider(PROVIDER, url=server.url, secret=server.secret) as wire:
            worker = Worker(registry(Wires(provider=wire)), clock=clock)
            await worker.run_due()
            assert await status_of(top_up) is MovementStatus.PENDING

            server.start()
            clock.advance(seconds=2)
            await worker.run_due()

    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [12_300]


@pytest.mark.parametrize(
    "answer",
    [
        json_answer("<html>Bad gateway</html>"),
        json_answer('{"status": "succeeded", "order_id": "another"}'),
        json_answer("{}", status="500 Oops"),
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 200_000,
    ],
)
async def test_a_provider_that_talks_nonsense_leaves_it_unknown_and_its_words_are_kept(
    provider: HttpProvider, clock: Clock, answer: bytes
) -> None:
    wallet, top_up = await started(12_300)
    async with (
        far_end(saying(answer)) as end,
        HttpProvider(PROVIDER, url=end.url, secret="hush") as wire,
    ):
        worker = Worker(registry(Wires(provider=wire)), clock=clock)
        await worker.run_due()
        clock.advance(seconds=2)
        await worker.run_due()

    [submitted, asked] = await ProviderMessage.all().order_by("received_at")
    assert await status_of(top_up) is MovementStatus.UNKNOWN
    assert (submitted.kind, asked.kind) == ("submit", "ask")
    assert submitted.body == asked.body
    clock.advance(seconds=4)
    await Worker(registry(Wires(provider=provider)), clock=clock).run_due()
    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [12_300]


async def test_a_forged_callback_that_came_through_credits_nothing(
    worker: Worker, callbacks: FarEnd
) -> None:
    wallet, top_up = await started(391)
    await worker.run_due()
    forged = json.dumps({"order_id": str(top_up.id), "status": "succeeded"}).encode()

    await provider_orders.hear(PROVIDER, forged, NOON)
    await provider_orders.hear(
        PROVIDER, b'{"order_id": "01900000-0000-7000-8000-000000000001"}', NOON
    )
    await provider_orders.hear(PROVIDER, b"not even words", NOON)
    await worker.run_due()

    assert await status_of(top_up) is MovementStatus.PENDING
    assert await balances(wallet) == [0]
    assert await Job.filter(done_at__isnull=True).count() == 1


async def test_a_worker_that_died_after_submitting_asks_before_it_submits(clock: Clock) -> None:
    wallet, top_up = await started(500)
    await provider_orders.hand_over(top_up, PROVIDER, NOON)  # And then it died.

    forgetful = Scripted(None, SUCCEEDED)
    await Worker(registry(Wires(provider=forgetful)), clock=clock).run_due()

    assert forgetful.spoken == ["ask", "submit"]
    assert await status_of(top_up) is MovementStatus.COMPLETED
    assert await balances(wallet) == [500]


async def test_a_submit_that_lost_its_lease_leaves_the_money_to_who_has_it(clock: Clock) -> None:
    wallet, top_up = await started(500)

    class Slow(Scripted):
        async def submit(self, order: Order) -> ProviderAnswer:
            await Job.all().update(lease=order.id)
            return SUCCEEDED

    await Worker(registry(Wires(provider=Slow())), clock=clock).run_due()
    assert await status_of(top_up) is MovementStatus.PENDING
    assert await balances(wallet) == [0]

    await Job.all().update(lease=None, lease_until=None)
    await Worker(registry(Wires(provider=Scripted(SUCCEEDED))), clock=clock).run_due()
    assert await balances(wallet) == [500]
    await books.assert_sound()


async def test_unknown_is_never_submitted_by_the_first_job_again(clock: Clock) -> None:
    _, top_up = await started(500)
    silent = Scripted(AnswerLost("The wire broke."))
    await Worker(registry(Wires(provider=silent)), clock=clock).run_due()
    await Job.filter(kind=top_ups.SUBMIT_JOB).update(done_at=None, lease=None)

    await Worker(registry(Wires(provider=silent)), clock=clock).run_due()

    assert silent.spoken == ["submit"]
    assert await status_of(top_up) is MovementStatus.UNKNOWN


async def test_callbacks_do_not_multiply_the_asking(clock: Clock) -> None:
    _, top_up = await started(500)
    patient = Scripted(PENDING, PENDING, AnswerLost("cut"), Unreachable("away"), None, PENDING)
    worker = Worker(registry(Wires(provider=patient)), clock=clock, concurrency=1)
    await worker.run_due()

    for _ in range(4):
        await provider_orders.hear(
            PROVIDER, json.dumps({"order_id": str(top_up.id)}).encode(), NOON
        )
    await worker.run_due()
    clock.advance(seconds=2)
    await worker.run_due()

    assert patient.spoken == ["submit"] + ["ask"] * 5
    assert await Job.filter(done_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    "other", [replace(SUCCEEDED, amount_minor=501), replace(SUCCEEDED, currency="EUR")]
)
async def test_an_answer_about_another_sum_is_not_believed(
    clock: Clock, other: ProviderAnswer
) -> None:
    wallet, top_up = await started(500)
    muddled = Scripted(other, other, SUCCEEDED)
    worker = Worker(registry(Wires(provider=muddled)), clock=clock)

    await worker.run_due()
    clock.advance(seconds=2)
    await worker.run_due()
    assert await status_of(top_up) is MovementStatus.UNKNOWN
    assert await balances(wallet) == [0]
    clock.advance(seconds=4)
    await worker.run_due()

    assert await balances(wallet) == [500]
    assert await ProviderMessage.all().count() == 3
