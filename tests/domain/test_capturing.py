"""What is authorised is captured, in parts or whole, or goes back: never more than there was."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from domain import amounts, freezes, orders, payments
from domain.payments import State
from domain.refusals import Busy, KeyReused, NotFound, Refusal
from models.freezes import FreezeOwner
from models.jobs import Job
from models.merchants import Merchant, MerchantStatus
from models.movements import Hold, Movement, MovementStatus
from models.orders import Order, OrderStatus
from models.payments import MerchantEvent, Payment
from models.streams import StreamEvent
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import registers, shopping
from tests.domain.shopping import OVER, TOMORROW, Deal
from tests.moments import NOON


@pytest.fixture
async def made(database: DatabaseUrls) -> Deal:
    return await shopping.deal()


async def test_all_that_is_authorised_is_captured(made: Deal) -> None:
    movement = await made.captures()

    assert movement.status is MovementStatus.COMPLETED
    assert await made.sums() == (1_000, 1_000, 0)
    assert await made.money() == (9_000, 0, 1_000)
    assert await made.state() is State.CAPTURED
    assert (await Order.get(id=made.order.id)).status is OrderStatus.PAID


async def test_a_part_is_captured_and_the_rest_goes_back(made: Deal) -> None:
    await made.captures(300)

    assert await made.sums() == (1_000, 300, 700)
    assert await made.money() == (9_700, 0, 300)
    assert await made.state() is State.CAPTURED


async def test_parts_are_captured_one_after_another_and_the_last_unit_ends_it(made: Deal) -> None:
    await made.captures(300, is_final=False)
    between = await made.state(), await made.sums(), await made.money()
    await made.captures(500, is_final=False)
    movement = await made.captures(200, is_final=False)

    assert between == (State.PARTIALLY_CAPTURED, (1_000, 300, 0), (9_700, 700, 300))
    assert movement.status is MovementStatus.COMPLETED
    assert await made.sums() == (1_000, 1_000, 0)
    assert await made.money() == (9_000, 0, 1_000)


async def test_what_is_voided_goes_back_and_the_order_is_closed(made: Deal) -> None:
    movement = await made.voids()

    order = await Order.get(id=made.order.id)
    assert movement.status is MovementStatus.CANCELLED
    assert await made.sums() == (1_000, 0, 1_000)
    assert await made.money() == (10_000, 0, 0)
    assert await made.state() is State.VOIDED
    assert (order.status, order.paid_by) == (OrderStatus.CLOSED, made.id)
    assert orders.standing(order, TOMORROW) is orders.Standing.CLOSED
    types = Counter([event.type for event in await MerchantEvent.all()])
    assert types == {"payment.authorized": 1, "payment.voided": 1, "order.closed": 1}
    with pytest.raises(orders.OrderAlreadyClosed):
        await made.ada.prepares(made.order, TOMORROW)


async def test_after_a_part_was_captured_the_rest_is_voided_and_the_order_stays_paid(
    made: Deal,
) -> None:
    await made.captures(300, is_final=False)

    movement = await made.voids()

    assert movement.status is MovementStatus.COMPLETED
    assert await made.sums() == (1_000, 300, 700)
    assert await made.money() == (9_700, 0, 300)
    assert (await Order.get(id=made.order.id)).status is OrderStatus.PAID
    types = Counter([event.type for event in await MerchantEvent.all()])
    assert types == {"payment.authorized": 1, "payment.captured": 1, "payment.voided": 1}


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (0, amounts.AmountInvalid),
        (-1, amounts.AmountInvalid),
        (2**53, amounts.AmountInvalid),
        (1_001, payments.CaptureExceeds),
    ],
)
async def test_more_than_was_authorised_is_not_captured(
    made: Deal, amount: int, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await made.captures(amount)

    assert await made.sums() == (1_000, 0, 0)
    assert await made.money() == (10_000, 1_000, 0)


async def test_after_a_part_only_the_rest_can_be_captured(made: Deal) -> None:
    await made.captures(300, is_final=False)

    with pytest.raises(payments.CaptureExceeds) as told:
        await made.captures(701)

    assert (told.value.capturable, told.value.currency) == (700, "CNY")
    assert await made.sums() == (1_000, 300, 0)


async def test_what_has_ended_can_neither_be_captured_nor_voided(made: Deal) -> None:
    await made.captures(300)

    with pytest.raises(payments.NothingToCapture) as captured:
        await made.captures(1)
    with pytest.raises(payments.NothingToVoid) as voided:
        await made.voids()

    assert captured.value.state is voided.value.state is State.CAPTURED
    assert await made.money() == (9_700, 0, 300)


async def test_a_payment_of_another_merchant_is_not_there(made: Deal) -> None:
    books = await factories.merchant(await factories.person("lin"), "Book Shop")
    other = Deal(books, made.ada, made.order, made.id)

    with pytest.raises(NotFound):
        await other.captures()
    with pytest.raises(NotFound):
        await other.voids()

    assert await made.sums() == (1_000, 0, 0)


async def test_a_key_answers_once_and_for_nothing_else(made: Deal) -> None:
    first = await made.captures(300, is_final=False, key="capture-1")
    again = await made.captures(300, is_final=False, key="capture-1")

    with pytest.raises(KeyReused):
        await made.captures(301, is_final=False, key="capture-1")
    with pytest.raises(KeyReused):
        await made.voids(key="capture-1")
    assert first.id == again.id
    assert await made.sums() == (1_000, 300, 0)


async def test_a_key_that_is_sent_many_times_at_once_captures_once(made: Deal) -> None:
    await asyncio.gather(
        *(made.captures(100, is_final=False, key="capture-1") for _ in range(6)),
    )

    assert await made.sums() == (1_000, 100, 0)


async def test_a_merchant_that_is_paused_still_captures_and_voids(made: Deal) -> None:
    await Merchant.filter(id=made.shop.id).update(status=MerchantStatus.PAUSED)

    await made.captures(300, is_final=False)
    await made.voids()

    assert await made.sums() == (1_000, 300, 700)


async def test_nothing_leaves_a_frozen_wallet_until_the_freeze_is_lifted(made: Deal) -> None:
    by = await registers.identity_of(made.ada.person)
    await freezes.freeze(
        person_id=made.ada.person.id,
        owner=FreezeOwner.CUSTOMER,
        by=by,
        reason="lost phone",
        now=NOON,
    )

    with pytest.raises(payments.CaptureBlocked):
        await made.captures()
    assert await made.money() == (10_000, 1_000, 0)
    movement = await made.voids()

    assert movement.status is MovementStatus.CANCELLED
    assert await made.money() == (10_000, 0, 0)


async def test_what_is_not_captured_in_seven_days_goes_back_by_itself(made: Deal) -> None:
    job = await Job.get(kind=payments.VOID_JOB)
    assert (job.subject_id, job.due_at) == (made.id, OVER)

    await payments.expire(job.subject_id, OVER - timedelta(seconds=1))
    before = await made.sums()
    await payments.expire(job.subject_id, OVER)
    await payments.expire(job.subject_id, OVER)

    assert before == (1_000, 0, 0)
    assert await made.sums() == (1_000, 0, 1_000)
    assert await made.money() == (10_000, 0, 0)
    assert await made.state() is State.EXPIRED
    assert (await Order.get(id=made.order.id)).status is OrderStatus.CLOSED


async def test_seven_days_are_over_also_when_the_job_is_late(made: Deal) -> None:
    with pytest.raises(payments.NothingToCapture):
        await made.captures(now=OVER)
    assert await made.money() == (10_000, 1_000, 0)

    await made.captures(now=OVER - timedelta(seconds=1))

    assert await made.money() == (9_000, 0, 1_000)


async def test_what_was_captured_stays_when_the_rest_runs_out(made: Deal) -> None:
    await made.captures(300, is_final=False)

    await payments.expire(made.id, OVER)

    assert await made.sums() == (1_000, 300, 700)
    assert await made.state() is State.CAPTURED


async def test_of_capturing_voiding_and_running_out_at_once_each_unit_goes_one_way(
    made: Deal,
) -> None:
    at = OVER - timedelta(seconds=1)
    answers = await asyncio.gather(
        made.captures(now=at),
        made.voids(now=at),
        payments.expire(made.id, OVER),
        made.captures(400, is_final=False, now=at),
        return_exceptions=True,
    )

    failed = [each for each in answers if isinstance(each, BaseException)]
    assert all(isinstance(each, Refusal) for each in failed), failed
    authorized, captured, voided = await made.sums()
    assert authorized == captured + voided == 1_000
    assert await made.money() == (10_000 - captured, 0, captured)


async def test_partial_captures_at_once_are_all_made(made: Deal) -> None:
    answers = await asyncio.gather(
        *(made.captures(250, is_final=False) for _ in range(5)), return_exceptions=True
    )

    failed = [each for each in answers if isinstance(each, BaseException)]
    assert len(failed) == 1
    assert isinstance(failed[0], payments.NothingToCapture | payments.CaptureExceeds | Busy)
    assert await made.sums() == (1_000, 1_000, 0)
    assert await made.money() == (9_000, 0, 1_000)


async def test_a_payments_stream_tells_each_step_without_a_gap(made: Deal) -> None:
    await made.captures(300, is_final=False)
    await made.voids()

    payment = await Payment.get(movement_id=made.id)
    events = await StreamEvent.filter(stream_id=payment.stream_id).order_by("seq")
    assert [event.seq for event in events] == [1, 2, 3] == list(range(1, payment.stream_seq + 1))
    assert [event.status for event in events] == ["pending", "pending", "completed"]


async def test_a_payment_in_review_cannot_be_captured_or_voided(made: Deal) -> None:
    await Movement.filter(id=made.id).update(status=MovementStatus.IN_REVIEW)

    with pytest.raises(payments.NothingToCapture) as captured:
        await made.captures()
    with pytest.raises(payments.NothingToVoid):
        await made.voids()

    assert captured.value.state is State.PENDING
    held = await Hold.get(movement_id=made.id)
    assert held.remaining == 1_000


async def test_how_refunds_show_in_the_state() -> None:
    movement = Movement(status=MovementStatus.COMPLETED, settled_at=NOON)
    payment = Payment(authorized=1_000, captured=1_000)

    seen = []
    for refunded in (0, 1, 1_000):
        payment.refunded = refunded
        seen.append(payments.state(movement, payment))

    assert seen == [State.CAPTURED, State.PARTIALLY_REFUNDED, State.REFUNDED]
    assert payments.actions(movement, payment, NOON) == frozenset()
