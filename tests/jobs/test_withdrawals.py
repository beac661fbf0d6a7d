"""Withdrawals end to end: a real provider in another process, and whatever may go wrong with it."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from channels.providers import AnswerLost, HttpProvider, OrderKind, Unreachable
from domain import provider_orders, withdrawals
from domain.decisions import decision
from domain.provider_orders import Handing
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.jobs import Job
from models.movements import Movement, MovementKind, MovementStatus
from models.providers import ProviderMessage, ProviderOrder
from models.wallets import Account
from tests.domain import books
from tests.domain.withdrawers import Withdrawer, withdrawer
from tests.jobs.conftest import PROVIDER, Clock
from tests.jobs.scripted import DECLINED, PENDING, SUCCEEDED, Scripted, out
from tests.moments import NOON
from tests.services import Simulator
from tests.wires import FarEnd

pytestmark = pytest.mark.usefixtures("database", "provider")


async def asked(amount: int) -> tuple[Withdrawer, Movement]:
    """A withdrawal out of 10.00 that was just confirmed."""
    ada = await withdrawer()
    return ada, await ada.withdraws(amount)


async def now_is(movement: Movement) -> tuple[MovementStatus, str | None]:
    current = await Movement.get(id=movement.id)
    return current.status, current.failure_code


async def control(server: Simulator, path: str, **words: object) -> None:
    headers = {"Authorization": f"Bearer {server.secret}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        answer = await client.post(f"/control/{path}", json=words)
    assert answer.status_code == 200


def scripted(clock: Clock, provider: Scripted) -> Worker:
    return Worker(registry(Wires(provider=provider)), clock=clock)


async def test_an_ordinary_withdrawal_is_paid_out_at_once(worker: Worker) -> None:
    ada, withdrawal = await asked(300)

    await worker.run_due()

    assert await now_is(withdrawal) == (MovementStatus.COMPLETED, None)
    assert await ada.has() == (700, 0)
    assert not await Job.filter(done_at__isnull=True).exists()
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (101, "PROVIDER_DECLINED"),
        (102, "CONTACT_BANK"),
        (114, "BANK_ACCOUNT_INVALID"),
        (115, "BANK_ACCOUNT_INVALID"),
        (151, "PROVIDER_DOWN"),
        (154, "CARD_EXPIRED"),
        (161, "CARD_LIMIT"),
        (188, "PROVIDER_DECLINED"),
        (190, "PROVIDER_DOWN"),
    ],
)
async def test_a_declined_withdrawal_gives_the_money_back_and_says_why(
    worker: Worker, amount: int, code: str
) -> None:
    ada, withdrawal = await asked(amount)

    await worker.run_due()

    assert await now_is(withdrawal) == (MovementStatus.FAILED, code)
    assert await ada.has() == (1_000, 0)
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "first", "last", "left"),
    [
        (192, MovementStatus.UNKNOWN, MovementStatus.COMPLETED, 808),
        (195, MovementStatus.UNKNOWN, MovementStatus.COMPLETED, 805),
        (189, MovementStatus.PENDING, MovementStatus.COMPLETED, 811),
    ],
)
async def test_what_got_lost_on_the_way_is_asked_about_and_paid_once(
    worker: Worker,
    clock: Clock,
    amount: int,
    first: MovementStatus,
    last: MovementStatus,
    left: int,
) -> None:
    ada, withdrawal = await asked(amount)
    await worker.run_due()
    assert (await now_is(withdrawal))[0] is first
    assert await ada.has() == (1_000 - amount, amount)

    clock.advance(seconds=2)
    await worker.run_due()

    assert (await now_is(withdrawal))[0] is last
    assert await ada.has() == (left, 0)
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "last", "left"),
    [(191, MovementStatus.COMPLETED, 809), (194, MovementStatus.FAILED, 1_000)],
)
async def test_a_slow_bank_is_waited_for(
    worker: Worker,
    provider_server: Simulator,
    callbacks: FarEnd,
    amount: int,
    last: MovementStatus,
    left: int,
) -> None:
    ada, withdrawal = await asked(amount)
    await worker.run_due()
    assert (await now_is(withdrawal))[0] is MovementStatus.PENDING

    await control(provider_server, f"decide/{withdrawal.id}")
    [request] = await callbacks.heard(str(withdrawal.id))
    await provider_orders.hear(PROVIDER, request.body, NOON)
    await worker.run_due()

    assert (await now_is(withdrawal))[0] is last
    assert await ada.has() == (left, 0)


async def test_callbacks_in_the_wrong_order_change_nothing(
    worker: Worker, callbacks: FarEnd
) -> None:
    ada, withdrawal = await asked(198)
    await worker.run_due()

    requests = await callbacks.heard(str(withdrawal.id), times=2)
    assert [json.loads(each.body)["status"] for each in requests] == ["succeeded", "pending"]
    for each in requests:
        await provider_orders.hear(PROVIDER, each.body, NOON)
    await worker.run_due()

    assert await now_is(withdrawal) == (MovementStatus.COMPLETED, None)
    assert await ada.has() == (802, 0)
    assert not await Job.filter(done_at__isnull=True).exists()


async def test_a_payout_that_the_bank_sends_back_is_heard_of_and_returned(
    worker: Worker, provider_server: Simulator, callbacks: FarEnd
) -> None:
    ada, withdrawal = await asked(196)
    await worker.run_due()
    assert await ada.has() == (804, 0)

    await control(provider_server, f"decide/{withdrawal.id}")
    [request] = await callbacks.heard(str(withdrawal.id))
    await provider_orders.hear(PROVIDER, request.body, NOON)
    await worker.run_due()

    answer = await Movement.get(origin_id=withdrawal.id)
    assert (answer.kind, answer.amount) == (MovementKind.RETURN, 196)
    assert await now_is(withdrawal) == (MovementStatus.COMPLETED, None)
    assert await ada.has() == (1_000, 0)
    await books.assert_sound()


async def test_a_payout_that_went_back_in_silence_is_found_by_looking(
    worker: Worker, provider_server: Simulator
) -> None:
    ada, withdrawal = await asked(197)
    await worker.run_due()
    await control(provider_server, f"decide/{withdrawal.id}")

    async with decision() as announce:
        await provider_orders.look_in(announce, withdrawal.id, NOON)
    await worker.run_due()

    assert await ada.has() == (1_000, 0)
    assert (await Movement.get(origin_id=withdrawal.id)).kind is MovementKind.RETURN


async def test_a_payout_that_succeeds_after_it_was_declined_leaves_after_all(
    worker: Worker, provider_server: Simulator, callbacks: FarEnd
) -> None:
    ada, withdrawal = await asked(199)
    await worker.run_due()
    assert await now_is(withdrawal) == (MovementStatus.FAILED, "PROVIDER_DECLINED")

    await control(provider_server, f"decide/{withdrawal.id}")
    [request] = await callbacks.heard(str(withdrawal.id))
    await provider_orders.hear(PROVIDER, request.body, NOON)
    await worker.run_due()

    assert (await Movement.get(origin_id=withdrawal.id)).kind is MovementKind.WITHDRAWAL
    assert await ada.has() == (801, 0)
    await books.assert_sound()


async def test_while_the_provider_is_away_a_withdrawal_can_still_be_cancelled(
    clock: Clock,
) -> None:
    ada, withdrawal = await asked(300)
    provider = Scripted(Unreachable("away"))
    await scripted(clock, provider).run_due()

    cancelled = await ada.cancels(withdrawal)
    clock.advance(hours=2)
    await scripted(clock, provider).run_due()

    assert cancelled.status is MovementStatus.CANCELLED
    assert provider.spoken == ["submit"]
    assert await ada.has() == (1_000, 0)


async def test_a_provider_that_comes_back_is_submitted_to_and_not_asked(clock: Clock) -> None:
    ada, withdrawal = await asked(500)
    provider = Scripted(Unreachable("away"), out(SUCCEEDED))
    worker = scripted(clock, provider)
    await worker.run_due()

    clock.advance(seconds=2)
    await worker.run_due()

    assert provider.spoken == ["submit", "submit"]
    assert [order.id for order in provider.orders] == [withdrawal.id] * 2
    assert [(each.kind, each.token) for each in provider.orders] == [
        (OrderKind.PAYOUT, "acct_1")
    ] * 2
    assert await ada.has() == (500, 0)


async def test_an_unknown_withdrawal_is_never_a_second_order(clock: Clock) -> None:
    ada, withdrawal = await asked(500)
    provider = Scripted(
        AnswerLost("cut"), AnswerLost("cut"), None, AnswerLost("cut"), out(PENDING), out(SUCCEEDED)
    )
    worker = scripted(clock, provider)

    for _ in range(7):
        await worker.run_due()
        clock.advance(hours=1)

    assert provider.spoken == ["submit", "ask", "ask", "submit", "ask", "ask"]
    assert {order.id for order in provider.orders} == {withdrawal.id}
    assert await now_is(withdrawal) == (MovementStatus.COMPLETED, None)
    assert await ada.has() == (500, 0)
    await books.assert_sound()


async def test_a_resubmission_that_could_not_be_made_does_not_make_it_cancellable(
    clock: Clock,
) -> None:
    ada, withdrawal = await asked(500)
    worker = scripted(clock, Scripted(AnswerLost("cut"), None, Unreachable("away")))
    await worker.run_due()
    clock.advance(seconds=2)
    await worker.run_due()

    with pytest.raises(withdrawals.CannotCancelWithdrawal):
        await ada.cancels(withdrawal)

    assert (await now_is(withdrawal))[0] is MovementStatus.UNKNOWN
    assert await ada.has() == (500, 500)


async def test_a_callback_and_the_asking_at_once_end_it_once(clock: Clock) -> None:
    ada, withdrawal = await asked(500)
    provider = Scripted(out(PENDING), *[out(DECLINED)] * 6)
    worker = scripted(clock, provider)
    await worker.run_due()
    for _ in range(5):
        body = json.dumps({"order_id": str(withdrawal.id)}).encode()
        await provider_orders.hear(PROVIDER, body, NOON)

    clock.advance(seconds=2)
    await asyncio.gather(worker.run_due(), scripted(clock, provider).run_due())

    assert await now_is(withdrawal) == (MovementStatus.FAILED, "PROVIDER_DECLINED")
    assert await ada.has() == (1_000, 0)
    assert await Movement.filter(origin_id=withdrawal.id).count() == 0
    await books.assert_sound()


async def test_an_answer_about_a_charge_is_no_answer_about_a_payout(clock: Clock) -> None:
    ada, withdrawal = await asked(500)

    await scripted(clock, Scripted(SUCCEEDED)).run_due()

    assert (await now_is(withdrawal))[0] is MovementStatus.UNKNOWN
    assert await ada.has() == (500, 500)


async def test_a_wallet_frozen_while_the_provider_was_away_keeps_its_money(clock: Clock) -> None:
    ada, withdrawal = await asked(500)
    provider = Scripted(Unreachable("away"))
    worker = scripted(clock, provider)
    await worker.run_due()
    await Account.filter(id=ada.wallet.id).update(freeze_level=1)

    clock.advance(seconds=2)
    await worker.run_due()

    assert await now_is(withdrawal) == (MovementStatus.FAILED, "ACCOUNT_FROZEN_BY_USER")
    assert provider.spoken == ["submit"]
    assert await ada.has() == (1_000, 0)


async def test_a_callback_for_an_unknown_payment_is_kept_and_moves_nothing(
    clock: Clock, provider: HttpProvider
) -> None:
    ada, withdrawal = await asked(500)
    stranger = b'{"order_id": "01900000-0000-7000-8000-000000000001", "status": "succeeded"}'
    await Job.filter(subject_id=withdrawal.id).delete()

    await provider_orders.hear(PROVIDER, stranger, NOON)
    await scripted(clock, Scripted()).run_due()

    [message] = await ProviderMessage.all()
    assert message.body["text"].encode() == stranger
    assert (await now_is(withdrawal))[0] is MovementStatus.PENDING
    assert await ada.has() == (500, 500)
    assert (await ProviderOrder.get()).told_at is None
    assert await provider_orders.hand_over(withdrawal, PROVIDER, NOON) is Handing.SUBMIT
