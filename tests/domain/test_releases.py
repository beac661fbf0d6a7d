"""What an agent's decision does with money in review, whatever it was to become."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from domain import freezes, ledger, orders, releases, risk_cases, settlements
from domain.chart import house_account
from domain.decisions import decision
from domain.money import MinorUnits
from domain.sessions import Identity
from models.freezes import FreezeOwner
from models.jobs import Job
from models.merchants import Merchant
from models.movements import Movement, MovementKind, MovementStatus
from models.orders import Order, OrderStatus
from models.payments import MerchantEvent, Payment
from models.people import Person, Role
from models.quotes import Capture
from models.refunds import Refund, RefundOrigin, RefundReason, RefundStatus
from models.risk import CaseDecision, CaseOutcome, RiskCase
from models.security_events import EventKind, SecurityEvent
from models.streams import StreamEvent
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books, registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Scene:
    """A tea house, an order of 1000, and two who want to pay it; lin is at the desk."""

    merchant: Merchant
    account: Account
    order: Order
    ada: Person
    adas: Account
    bobs: Account
    lin: Identity

    async def reviewed(self, *, capture_before: datetime | None = None) -> tuple[Payment, RiskCase]:
        """Ada's payment of the order, which somebody must look at first."""
        asked = ledger.Order(
            kind=MovementKind.MERCHANT_PAYMENT,
            person_id=self.ada.id,
            source_id=self.adas.id,
            target_id=self.account.id,
            amount=MinorUnits(self.order.amount),
            currency="CNY",
            order_id=self.order.id,
        )
        held = ledger.hold(
            asked,
            key=factories.some_key(),
            at=NOON,
            expires_at=NOON + 2 * WEEK,
            status=MovementStatus.IN_REVIEW,
            capture_before=capture_before,
        )
        async with decision() as announce:
            posted = await ledger.post_in(announce, held)
            assert posted.movement is not None
            case = await risk_cases.open_in(announce, posted.movement, None, NOON)
        return await Payment.get(movement_id=posted.movement.id), case

    async def decide(
        self, case: RiskCase, verdict: CaseDecision = CaseDecision.APPROVED
    ) -> RiskCase:
        return await risk_cases.decide(
            by=self.lin,
            case_id=case.id,
            verdict=verdict,
            outcome=CaseOutcome.FALSE_POSITIVE,
            reason="She called from her own number",
            now=NOON + HOUR,
        )

    async def balances(self) -> list[int]:
        return await factories.balances(self.adas, self.bobs, self.account)

    async def payment_events(self, payment: Payment) -> list[str]:
        found = MerchantEvent.filter(subject_id=payment.movement_id).order_by("at", "id")
        return [event.type async for event in found]


async def scene(capture: Capture = Capture.NOW) -> Scene:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    merchant = await factories.merchant(mei)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    return Scene(
        merchant,
        await Account.get(merchant_id=merchant.id, kind=AccountKind.MERCHANT),
        await factories.order(merchant, 1_000, capture=capture, expires_at=NOON + 2 * HOUR),
        ada,
        await factories.wallet(ada, holds=1_000),
        await factories.wallet(await factories.person("bob"), holds=1_000),
        lin,
    )


async def told(person: Person) -> list[EventKind]:
    found = SecurityEvent.filter(person_id=person.id).order_by("at", "id")
    return [event.kind async for event in found]


async def test_a_payment_that_is_captured_at_once_is_the_merchants_when_it_is_approved() -> None:
    here = await scene()
    payment, case = await here.reviewed()

    await here.decide(case)

    assert await here.balances() == [0, 1_000, 1_000]
    order = await Order.get(id=here.order.id)
    assert (order.status, order.paid_by) == (OrderStatus.PAID, payment.movement_id)
    assert (await payment.movement()).status is MovementStatus.COMPLETED
    assert await here.payment_events(payment) == ["payment.pending", "payment.captured"]
    assert (await told(here.ada))[-1] is EventKind.PAYMENT_RELEASED
    await books.assert_sound()


async def test_a_payment_that_is_captured_later_is_authorised_when_it_is_approved() -> None:
    here = await scene(Capture.LATER)
    payment, case = await here.reviewed(capture_before=NOON + WEEK)

    await here.decide(case)

    assert await here.balances() == [1_000, 1_000, 0]
    assert (await payment.movement()).status is MovementStatus.PENDING
    assert (await Order.get(id=here.order.id)).paid_by == payment.movement_id
    job = await Job.get(kind=settlements.VOID_JOB, subject_id=payment.movement_id)
    assert job.due_at == NOON + WEEK
    assert await here.payment_events(payment) == ["payment.pending", "payment.authorized"]
    await books.assert_sound()


async def test_of_two_payments_that_succeed_for_one_order_the_second_goes_back() -> None:
    here = await scene()
    payment, case = await here.reviewed()
    first = await factories.payment(here.order, here.bobs)

    await here.decide(case)

    assert await here.balances() == [1_000, 0, 1_000]
    assert (await Order.get(id=here.order.id)).paid_by == first.movement_id
    assert (await payment.movement()).status is MovementStatus.COMPLETED
    second = await Payment.get(movement_id=payment.movement_id)
    assert (second.captured, second.refunded) == (1_000, 1_000)
    refund = await Refund.get(payment_id=payment.movement_id)
    assert (refund.status, refund.origin) == (RefundStatus.SUCCEEDED, RefundOrigin.AUTOMATIC)
    assert refund.reason is RefundReason.ORDER_PAID_TWICE
    movement = await Movement.get(id=refund.movement_id)
    assert (movement.person_id, movement.target_id) == (here.ada.id, here.adas.id)
    await books.assert_sound()


async def test_both_sides_hear_of_money_that_went_back_by_itself() -> None:
    here = await scene()
    payment, case = await here.reviewed()
    await factories.payment(here.order, here.bobs)

    await here.decide(case)

    refund = await Refund.get(payment_id=payment.movement_id)
    assert await here.payment_events(payment) == ["payment.pending", "payment.captured"]
    [event] = await MerchantEvent.filter(subject_id=refund.id)
    assert (event.type, event.merchant_id) == ("refund.succeeded", here.merchant.id)
    assert (await told(here.ada))[-1] is EventKind.PAYMENT_GIVEN_BACK
    assert await StreamEvent.filter(stream_id=payment.stream_id).count() == 3
    heard = StreamEvent.filter(stream_id=here.adas.id, subject_id=refund.movement_id)
    assert [each.status async for each in heard] == ["completed"]


async def test_what_is_captured_later_is_let_go_when_its_order_was_taken() -> None:
    here = await scene(Capture.LATER)
    payment, case = await here.reviewed(capture_before=NOON + WEEK)
    first = await factories.payment(here.order, here.bobs)

    await here.decide(case)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "ORDER_PAID")
    assert await here.balances() == [1_000, 1_000, 0]
    assert (await Account.get(id=here.adas.id)).available == 1_000
    assert (await Order.get(id=here.order.id)).paid_by == first.movement_id
    assert await Refund.all().count() == 0
    assert (await told(here.ada))[-1] is EventKind.PAYMENT_GIVEN_BACK
    await books.assert_sound()


@pytest.mark.parametrize("capture", Capture)
async def test_an_order_that_was_closed_meanwhile_is_not_paid(capture: Capture) -> None:
    here = await scene(capture)
    is_later = capture is Capture.LATER
    payment, case = await here.reviewed(capture_before=NOON + WEEK if is_later else None)
    await orders.close(here.order.id, merchant_id=here.merchant.id, now=NOON)

    await here.decide(case)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "ORDER_CLOSED")
    assert (await Account.get(id=here.adas.id)).available == 1_000
    assert (await Order.get(id=here.order.id)).status is OrderStatus.CLOSED
    await books.assert_sound()


async def test_an_order_waits_for_whoever_looks_at_a_payment_that_was_made_in_time() -> None:
    here = await scene()
    await Order.filter(id=here.order.id).update(expires_at=NOON + HOUR / 2)
    payment, case = await here.reviewed()

    await orders.expire(here.order.id, NOON + HOUR / 2)
    await here.decide(case)

    again = await Job.filter(kind=orders.EXPIRE_JOB, subject_id=here.order.id).get()
    assert again.due_at == NOON + HOUR / 2 + HOUR
    assert (await payment.movement()).status is MovementStatus.COMPLETED
    assert (await Order.get(id=here.order.id)).paid_by == payment.movement_id
    await books.assert_sound()


async def test_an_order_whose_payment_was_declined_ends_by_its_time() -> None:
    here = await scene()
    await Order.filter(id=here.order.id).update(expires_at=NOON + HOUR / 2)
    _, case = await here.reviewed()
    await here.decide(case, CaseDecision.DECLINED)

    await orders.expire(here.order.id, NOON + 2 * HOUR)

    assert (await Order.get(id=here.order.id)).status is OrderStatus.CLOSED


async def test_a_payer_who_is_frozen_by_then_keeps_the_money_and_the_order_stays_open() -> None:
    here = await scene()
    payment, case = await here.reviewed()
    await freezes.freeze(
        person_id=here.ada.id, owner=FreezeOwner.RULE, by=None, reason="Odd hours", now=NOON
    )

    await here.decide(case)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "ACCOUNT_RESTRICTED")
    assert (await Order.get(id=here.order.id)).status is OrderStatus.OPEN
    assert await here.balances() == [1_000, 1_000, 0]


async def test_a_payment_that_is_declined_leaves_its_order_to_others() -> None:
    here = await scene()
    payment, case = await here.reviewed()

    await here.decide(case, CaseDecision.DECLINED)
    later = await factories.payment(here.order, here.bobs)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "RISK_DECLINED")
    assert (await Order.get(id=here.order.id)).paid_by == later.movement_id
    assert await here.payment_events(payment) == ["payment.pending", "payment.failed"]
    await books.assert_sound()


async def test_a_payment_nobody_decides_about_in_a_day_goes_back() -> None:
    here = await scene()
    payment, case = await here.reviewed()

    await risk_cases.expire(case.id, NOON + risk_cases.DECIDED_WITHIN)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "REVIEW_EXPIRED")
    assert (await Account.get(id=here.adas.id)).available == 1_000


async def test_approving_and_paying_at_once_leaves_one_payment_that_stands() -> None:
    here = await scene()
    _, case = await here.reviewed()

    await asyncio.gather(here.decide(case), ledger.post(_pays(here)), return_exceptions=True)

    assert (await here.balances())[2] == 1_000
    assert sum(await here.balances()) == 2_000
    order = await Order.get(id=here.order.id)
    standing = [row for row in await Payment.all() if row.captured - row.refunded == 1_000]
    assert [row.movement_id for row in standing] == [order.paid_by]
    await books.assert_sound()


async def test_an_approved_withdrawal_is_handed_over_by_its_job() -> None:
    here = await scene()
    movement = await _withdrawn(here)

    async with decision() as announce:
        await releases.approve_in(announce, movement.id, NOON)

    assert (await Movement.get(id=movement.id)).status is MovementStatus.PENDING
    job = await Job.get(kind=settlements.SUBMIT_JOB, subject_id=movement.id)
    assert job.due_at == NOON
    assert (await Account.get(id=here.adas.id)).available == 600


async def test_what_was_authorised_can_still_be_declined_and_closes_its_order() -> None:
    here = await scene(Capture.LATER)
    payment, _ = await here.reviewed(capture_before=NOON + WEEK)
    async with decision() as announce:
        await releases.approve_in(announce, payment.movement_id, NOON)

    async with decision() as announce:
        await releases.decline_in(announce, payment.movement_id, releases.Ground.RISK, NOON)

    movement = await payment.movement()
    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, "RISK_DECLINED")
    assert (await Order.get(id=here.order.id)).status is OrderStatus.CLOSED
    assert await here.balances() == [1_000, 1_000, 0]
    await books.assert_sound()


def _pays(here: Scene) -> ledger.Command:
    assert here.bobs.owner_id is not None
    asked = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=here.bobs.owner_id,
        source_id=here.bobs.id,
        target_id=here.account.id,
        amount=MinorUnits(1_000),
        currency="CNY",
        order_id=here.order.id,
    )
    return ledger.pay(asked, key=factories.some_key(), at=NOON)


async def _withdrawn(here: Scene) -> Movement:
    """A withdrawal of 400 that somebody must look at first."""
    asked = ledger.Order(
        kind=MovementKind.WITHDRAWAL,
        person_id=here.ada.id,
        source_id=here.adas.id,
        target_id=house_account(AccountKind.PROVIDER_CLEARING, "CNY"),
        amount=MinorUnits(400),
        currency="CNY",
    )
    posted = await ledger.post(
        ledger.hold(
            asked,
            key=factories.some_key(),
            at=NOON,
            expires_at=NOON + WEEK,
            status=MovementStatus.IN_REVIEW,
        )
    )
    assert posted.movement is not None
    return posted.movement
