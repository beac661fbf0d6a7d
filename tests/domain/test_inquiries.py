"""Inquiries: asked once, answered once, and a no protects at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import freezes, fresh_proofs, inquiries, ledger, links, provider_orders, risk
from domain.chart import house_account
from domain.fresh_proofs import Factor, ProofNeeded
from domain.inquiries import InquiryClosed
from domain.links import LinkDead
from domain.money import MinorUnits
from domain.refusals import NotFound
from domain.risk import Outcome, Silence
from domain.risk.rules import NewDevice
from domain.risk.verdicts import Force
from domain.sessions import Identity
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.freezes import Freeze, FreezeOwner
from models.links import Link, LinkKind
from models.movements import Hold, Movement, MovementKind
from models.orders import Order, OrderStatus
from models.people import Person
from models.quotes import Capture
from models.risk import CaseCause, CaseStatus, Inquiry, InquiryStatus, RiskCase, RuleSnooze
from models.security_events import EventKind, SecurityEvent
from models.sessions import Session
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books, orders, registers, risks
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKING = risks.rule(ask=True, outcome=Outcome.STEP_UP)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    risks.install(ASKING)
    yield
    risk.install(None)


@dataclass(frozen=True)
class World:
    """ada, who pays bob from one session while she has another."""

    ada: Person
    wallet: Account
    bobs: Account
    questioned: Identity
    other: Identity

    @property
    def bob_id(self) -> UUID:
        assert self.bobs.owner_id is not None
        return self.bobs.owner_id

    def payment(self, **changes: Any) -> risk.Payment:
        made = risks.payment(self.wallet, self.bob_id, session_id=self.questioned.session_id)
        return replace(made, **changes)


@pytest.fixture
async def world() -> World:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    return World(
        ada=ada,
        wallet=await factories.wallet(ada, holds=1_000),
        bobs=await factories.wallet(bob),
        questioned=await registers.identity_of(ada),
        other=await registers.identity_of(ada),
    )


async def asked(world: World, **changes: Any) -> Inquiry:
    """What ada is asked about a payment."""
    _, inquiry = await risks.judged(world.payment(**changes))
    assert inquiry is not None
    return inquiry


async def waiting(world: World, amount: int, at: datetime = NOON) -> Movement:
    """A transfer of ada's that has not arrived."""
    command = ledger.hold(
        orders.transfer(world.wallet, world.bobs, amount),
        key=factories.some_key(),
        at=at,
        expires_at=at + orders.WEEK,
    )
    posted = await ledger.post(command)
    assert posted.movement is not None
    return posted.movement


async def answer(
    world: World,
    inquiry: Inquiry,
    was_me: bool,
    *,
    by: Identity | None = None,
    now: datetime = NOON,
) -> Inquiry:
    return await inquiries.answer(
        by=by or world.other, inquiry_id=inquiry.id, was_me=was_me, now=now
    )


async def link_of(inquiry: Inquiry) -> Link:
    return await Link.get(kind=LinkKind.ANSWER, subject_id=inquiry.id)


async def test_a_rule_that_asks_writes_a_letter_with_a_link(world: World) -> None:
    inquiry = await asked(world)

    assert (inquiry.status, inquiry.amount, inquiry.currency) == (InquiryStatus.ASKED, 100, "CNY")
    assert (inquiry.payee_id, inquiry.rules) == (world.bob_id, ["first-payment"])
    assert inquiry.deadline_at == NOON + DAY
    event = await SecurityEvent.get()
    assert (event.kind, event.detail["inquiry_id"]) == (
        EventKind.PAYMENT_QUESTIONED,
        str(inquiry.id),
    )
    assert (await link_of(inquiry)).expires_at == NOON + DAY


async def test_the_same_payee_is_asked_about_once_until_there_is_an_answer(world: World) -> None:
    payments = [world.payment(amount=amount) for amount in range(1, 9)]

    await asyncio.gather(*(risks.judged(each) for each in payments))
    first = await Inquiry.get()
    await answer(world, first, was_me=True)
    risks.install(risks.rule(ask=True, outcome=Outcome.STEP_UP, name="another"))
    second = await asked(world)

    assert second.id != first.id
    assert await SecurityEvent.filter(kind=EventKind.PAYMENT_QUESTIONED).count() == 2


async def test_yes_snoozes_the_rule_for_that_payee_for_thirty_days_and_no_other(
    world: World,
) -> None:
    inquiry = await asked(world)
    eve = await factories.wallet(await factories.person("eve"))

    answered = await answer(world, inquiry, was_me=True)

    assert (answered.status, answered.answered_at) == (InquiryStatus.CONFIRMED, NOON)
    again = await risk.assess(world.payment(), NOON + 30 * DAY - timedelta(seconds=1))
    later = await risk.assess(world.payment(), NOON + 30 * DAY)
    assert eve.owner_id is not None
    other = await risk.assess(world.payment(payee_id=eve.owner_id), NOON + HOUR)
    assert [each.hits[0].force for each in (again, later, other)] == [
        Force.SNOOZED,
        Force.LIVE,
        Force.LIVE,
    ]
    assert [each.outcome for each in (again, later, other)] == [
        Outcome.ALLOW,
        Outcome.STEP_UP,
        Outcome.STEP_UP,
    ]
    assert await Freeze.all().count() == 0


async def test_yes_snoozes_a_rule_about_devices_for_that_device(world: World) -> None:
    risks.install(risks.rule(NewDevice(hours=24 * 90, above={"CNY": 0}), ask=True))
    payment = world.payment()
    _, inquiry = await risks.judged(payment)
    assert inquiry is not None

    await answer(world, inquiry, was_me=True)

    assert inquiry.subject_id == payment.device_id
    assert (await risk.assess(payment, NOON)).outcome is Outcome.ALLOW
    assert (await risk.assess(world.payment(), NOON)).outcome is Outcome.REVIEW


async def test_no_freezes_calls_back_ends_the_other_sessions_and_opens_a_case(
    world: World,
) -> None:
    before = await waiting(world, 10, NOON - HOUR)
    payment = world.payment()
    quote = await risks.quoted(payment, world.bobs, used_at=NOON + HOUR)
    _, inquiry = await risks.judged(payment, quote_id=quote.id)
    assert inquiry is not None
    questioned = await waiting(world, 100, NOON + HOUR)
    reviewed, review = await risks.reviewed(world.wallet, world.bobs, 20, now=NOON + HOUR)

    answered = await answer(world, inquiry, was_me=False, now=NOON + 2 * HOUR)

    assert answered.status is InquiryStatus.REPORTED
    freeze = await Freeze.get()
    assert (freeze.owner, freeze.lifted_at) == (FreezeOwner.RULE, None)
    assert [await risks.status(each) for each in (before, questioned, reviewed)] == [
        "pending",
        "cancelled",
        "cancelled",
    ]
    ended = await Session.filter(ended_at__isnull=False)
    assert [each.id for each in ended] == [world.questioned.session_id]
    [case] = await RiskCase.filter(status=CaseStatus.PENDING)
    assert (case.cause, case.movement_id, case.quote_id) == (
        CaseCause.REPORT,
        questioned.id,
        quote.id,
    )
    assert (await RiskCase.get(id=review.id)).status is CaseStatus.CLOSED
    assert await RuleSnooze.all().count() == 0
    posted = await ledger.post(orders.pay(world.wallet, world.bobs, 1))
    assert posted.code == "ACCOUNT_RESTRICTED"
    await books.assert_sound()


async def test_no_calls_back_what_a_merchant_has_not_captured_and_closes_the_order(
    world: World,
) -> None:
    inquiry = await asked(world)
    shop = await factories.merchant(await factories.person("mei"))
    whole = await factories.order(shop, 300, capture=Capture.LATER)
    part = await factories.order(shop, 200, capture=Capture.LATER)
    untouched = await factories.payment(whole, world.wallet)
    begun = await factories.payment(part, world.wallet)
    movement, held = await begun.movement(), await Hold.get(movement_id=begun.movement_id)
    await ledger.post(
        ledger.capture(
            movement,
            held,
            key=factories.some_key(),
            at=NOON,
            amount=MinorUnits(50),
            is_final=False,
        )
    )

    await answer(world, inquiry, was_me=False)

    assert await risks.status(await untouched.movement()) == "cancelled"
    assert await risks.status(movement) == "completed"
    orders_now = {row.id: row.status for row in await Order.all()}
    assert orders_now == {whole.id: OrderStatus.CLOSED, part.id: OrderStatus.PAID}
    assert (await Account.get(id=world.wallet.id)).available == 950
    await books.assert_sound()


@pytest.mark.parametrize(("is_told", "status"), [(False, "cancelled"), (True, "pending")])
async def test_no_calls_back_a_withdrawal_that_no_bank_has_heard_of(
    world: World, is_told: bool, status: str
) -> None:
    inquiry = await asked(world)
    out = ledger.Order(
        kind=MovementKind.WITHDRAWAL,
        person_id=world.ada.id,
        source_id=world.wallet.id,
        target_id=house_account(AccountKind.PROVIDER_CLEARING, "CNY"),
        amount=MinorUnits(400),
        currency="CNY",
    )
    posted = await ledger.post(
        ledger.hold(out, key=factories.some_key(), at=NOON, expires_at=NOON + orders.WEEK)
    )
    assert posted.movement is not None
    if is_told:
        await provider_orders.hand_over(posted.movement, "bank", NOON)
    held = await waiting(world, 100)

    answered = await answer(world, inquiry, was_me=False)

    assert answered.status is InquiryStatus.REPORTED
    assert await risks.status(posted.movement) == status
    assert await risks.status(held) == "cancelled"
    await books.assert_sound()


async def test_no_protects_also_whoever_is_frozen_already(world: World) -> None:
    inquiry = await asked(world)
    held = await waiting(world, 5)
    await freezes.freeze(
        person_id=world.ada.id, owner=FreezeOwner.RULE, by=None, reason="seen before", now=NOON
    )

    await answer(world, inquiry, was_me=False)

    assert await Freeze.all().count() == 1
    assert await risks.status(held) == "cancelled"


@pytest.mark.parametrize(("is_questioned", "count"), [(True, 2), (False, 1)])
async def test_a_stolen_session_cannot_say_yes(
    world: World, is_questioned: bool, count: int
) -> None:
    inquiry = await asked(world)
    by = world.questioned if is_questioned else world.other
    late = NOON + HOUR

    with pytest.raises(ProofNeeded) as refused:
        await answer(world, inquiry, was_me=True, by=by, now=late)
    still = await Inquiry.get(id=inquiry.id)
    factors = [Factor.PASSWORD, Factor.TOTP][:count]
    await fresh_proofs.note(by.session_id, *factors, now=late)
    answered = await answer(world, inquiry, was_me=True, by=by, now=late)

    assert refused.value.count == count
    assert still.status is InquiryStatus.ASKED
    assert answered.status is InquiryStatus.CONFIRMED


async def test_no_needs_no_proof(world: World) -> None:
    inquiry = await asked(world)

    answered = await answer(world, inquiry, was_me=False, by=world.questioned, now=NOON + 5 * HOUR)

    assert answered.status is InquiryStatus.REPORTED


async def test_the_link_of_the_letter_answers_and_no_ends_every_session(world: World) -> None:
    inquiry = await asked(world)
    link = await link_of(inquiry)

    answered = await inquiries.answer_by_link(link, False, NOON)

    assert answered.status is InquiryStatus.REPORTED
    assert await Session.filter(ended_at__isnull=True).count() == 0
    with pytest.raises(LinkDead):
        await links.find(links.token(link), NOON)


async def test_of_answers_by_link_and_by_session_at_once_exactly_one_counts(
    world: World,
) -> None:
    inquiry = await asked(world)
    link = await link_of(inquiry)

    answers = await asyncio.gather(
        inquiries.answer_by_link(link, True, NOON),
        inquiries.answer_by_link(link, False, NOON),
        answer(world, inquiry, was_me=False),
        answer(world, inquiry, was_me=True),
        inquiries.close(inquiry.id, NOON + DAY),
        return_exceptions=True,
    )

    counted = [each for each in answers if isinstance(each, Inquiry)]
    refused = [each for each in answers if isinstance(each, (InquiryClosed, LinkDead))]
    status = (await Inquiry.get(id=inquiry.id)).status
    assert len(counted) + len(refused) == 4
    assert len(counted) == (status is not InquiryStatus.UNANSWERED)
    assert all(each.status is status for each in counted)
    is_reported = status is InquiryStatus.REPORTED
    assert await Freeze.all().count() == await RiskCase.all().count() == int(is_reported)
    assert await RuleSnooze.all().count() == int(status is InquiryStatus.CONFIRMED)


async def test_a_no_and_payments_at_once_leave_sound_books(world: World) -> None:
    inquiry = await asked(world)
    held = await waiting(world, 100)
    await factories.fund(world.bobs, world.ada, 500)

    await asyncio.gather(
        answer(world, inquiry, was_me=False),
        *(ledger.post(orders.pay(world.bobs, world.wallet, 1)) for _ in range(20)),
        *(ledger.post(orders.pay(world.wallet, world.bobs, 1)) for _ in range(20)),
    )

    assert await risks.status(held) == "cancelled"
    await books.assert_sound()


@pytest.mark.parametrize("was_me", [True, False])
async def test_an_answer_cannot_be_given_twice_or_too_late_or_for_another(
    world: World, was_me: bool
) -> None:
    inquiry = await asked(world)
    bob = await registers.identity_of(await Person.get(id=world.bob_id))
    late = NOON + DAY
    await fresh_proofs.note(world.other.session_id, Factor.PASSWORD, now=late)

    with pytest.raises(NotFound):
        await answer(world, inquiry, was_me, by=bob)
    with pytest.raises(InquiryClosed):
        await answer(world, inquiry, was_me, now=late)
    with pytest.raises(LinkDead):
        await inquiries.answer_by_link(await link_of(inquiry), was_me, late)
    assert (await Inquiry.get(id=inquiry.id)).status is InquiryStatus.ASKED
    assert await Freeze.all().count() == await RuleSnooze.all().count() == 0
    await answer(world, inquiry, was_me=True)
    with pytest.raises(InquiryClosed) as refused:
        await answer(world, inquiry, was_me)

    assert refused.value.inquiry.status is InquiryStatus.CONFIRMED
    assert await Freeze.all().count() == 0


@pytest.mark.parametrize(
    ("unanswered", "is_paid", "cases"),
    [
        (Silence.NOTHING, True, []),
        (Silence.REVIEW, True, [CaseCause.SILENCE]),
        (Silence.REVIEW, False, []),
    ],
)
async def test_silence_has_the_consequence_that_the_rule_names(
    world: World, unanswered: Silence, is_paid: bool, cases: list[CaseCause]
) -> None:
    risks.install(risks.rule(ask=True, unanswered=unanswered))
    payment = world.payment()
    quote = await risks.quoted(payment, world.bobs, used_at=NOON + HOUR if is_paid else None)
    _, inquiry = await risks.judged(payment, quote_id=quote.id)
    assert inquiry is not None
    movement = await waiting(world, 100, NOON + HOUR) if is_paid else None

    early = Clock(NOON + DAY - timedelta(seconds=1))
    await Worker(registry(Wires()), clock=early).run_due()
    still = await Inquiry.get(id=inquiry.id)
    await Worker(registry(Wires()), clock=Clock(NOON + DAY)).run_due()

    assert still.status is InquiryStatus.ASKED
    assert (await Inquiry.get(id=inquiry.id)).status is InquiryStatus.UNANSWERED
    found = await RiskCase.all()
    assert [case.cause for case in found] == cases
    if cases and movement:
        assert found[0].movement_id == movement.id
    assert await Freeze.all().count() == 0


async def test_a_place_that_was_confirmed_is_a_known_one(world: World) -> None:
    places = risk.places.parsed(["203.0.113.0/24,CN", "198.51.100.0/24,DE"])
    kind = risk.rules.NewPlace(days=90, above={"CNY": 0})
    risks.install(risks.rule(kind, Outcome.STEP_UP, ask=True), places=places)
    away = world.payment(address="198.51.100.7")
    await risks.judged(world.payment())
    verdict, inquiry = await risks.judged(away)
    assert inquiry is not None

    await answer(world, inquiry, was_me=True)

    assert (verdict.outcome, verdict.place, inquiry.place) == (Outcome.STEP_UP, "DE", "DE")
    other_device = world.payment(address="198.51.100.7")
    assert (await risk.assess(other_device, NOON)).hits == ()
