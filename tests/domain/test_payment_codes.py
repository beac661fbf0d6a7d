"""Payment codes: shown for a minute, scanned once, paid at once only if that was allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain import amounts, fresh_proofs, orders, payees, payment_codes, risk, sessions, wallets
from domain.fresh_proofs import Factor, ProofNeeded
from domain.payment_codes import (
    CodeTriesExhausted,
    CodeUnusable,
    Issued,
    Standing,
    UserCancelled,
    UserPaying,
    digits,
    guards,
)
from domain.refusals import KeyReused, NotFound
from domain.risk import Outcome
from domain.sessions import Identity
from models.freezes import FreezeOwner
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant, MerchantStatus
from models.movements import Movement
from models.orders import Order, OrderOrigin, OrderStatus
from models.payment_codes import CodeGuard, CodePayer, PaymentCode
from models.payments import MerchantEvent, Payment
from models.people import Pin
from models.risk import RiskHit
from models.sessions import Audience
from models.settlements import FeePayer, MerchantFee
from models.streams import StreamEvent
from models.wallets import Account
from tests import factories
from tests.domain import books, risks, shopping
from tests.domain.shopping import Customer
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True)
class Shopper:
    """A customer in a session of theirs."""

    customer: Customer
    by: Identity

    @property
    def wallet(self) -> Account:
        return self.customer.wallet

    async def shows(self, now: datetime = NOON) -> Issued:
        return await payment_codes.issue(
            by=self.by, wallet_id=self.wallet.id, address="203.0.113.7", now=now
        )

    async def allows(self, now: datetime = NOON) -> None:
        await fresh_proofs.note(self.by.session_id, Factor.PIN, now=now)
        await payment_codes.set_allowed(by=self.by, is_allowed=True, now=now)

    async def balance(self) -> int:
        [balance] = await factories.balances(self.wallet)
        return balance


async def shopper(name: str = "ada", holds: int = 100_000) -> Shopper:
    customer = await shopping.customer(name, holds)
    opened = await factories.session(customer.person, Audience.PUBLIC, NOON)
    return Shopper(customer, factories.identity(customer.person, opened.session.id))


async def charged(shop: Merchant, said: str, now: datetime = NOON, /, **changes: Any) -> Payment:
    facts: dict[str, Any] = {
        "digits": said,
        "amount": 18_00,
        "currency": "CNY",
        "description": "Two teas",
        "reference": uuid4().hex,
        "key": uuid4().hex,
    }
    wish = payment_codes.Wish(**{**facts, **changes})
    return await payment_codes.charge(wish, merchant_id=shop.id, now=now)


async def asked(shop: Merchant, said: str, now: datetime = NOON, /, **changes: Any) -> Order:
    """The order that the customer is asked to confirm."""
    with pytest.raises(UserPaying) as waiting:
        await charged(shop, said, now, **changes)
    return waiting.value.order


async def how(issued: Issued, ada: Shopper, now: datetime = NOON) -> Standing:
    code, order = await payment_codes.of(issued.code.id, by=ada.by.person_id)
    return payment_codes.standing(code, order, now)


async def test_a_code_is_eighteen_digits_of_which_only_a_mac_is_kept() -> None:
    ada = await shopper()

    issued = await ada.shows()

    assert (len(issued.digits), issued.digits[:2]) == (18, "28")
    assert digits.read(f"{issued.digits[:4]} {issued.digits[4:]}") == issued.digits
    [row] = await PaymentCode.all().values()
    assert row["mac"] == digits.mac(issued.digits)
    assert issued.digits not in str(row)
    assert row["expires_at"] == NOON + timedelta(seconds=90)
    assert await how(issued, ada) is Standing.SHOWN


async def test_one_wrong_digit_is_no_code() -> None:
    said = digits.fresh()
    others = {said[:at] + str(digit) + said[at + 1 :] for at in range(18) for digit in range(10)}

    assert {digits.read(each) for each in others} == {None, said}
    for garbage in ("", "x" * 61_440, "２" * 18, "\ud800", said + "0", said[:-1], "-" * 18):
        assert digits.read(garbage) is None


async def test_whoever_has_not_allowed_it_is_asked_and_pays_with_their_pin() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}

    order = await asked(shop, issued.digits, **words)
    waiting = await how(issued, ada), await ada.balance()
    movement = await ada.customer.pays(order)
    payment = await charged(shop, issued.digits, **words)

    assert waiting == (Standing.WAITING, 100_000)
    assert payment.movement_id == movement.id
    assert (order.origin, order.expires_at) == (
        OrderOrigin.PAYMENT_CODE,
        NOON + timedelta(minutes=5),
    )
    assert (await how(issued, ada), await ada.balance()) == (Standing.PAID, 98_200)


async def test_a_small_sum_is_paid_at_once_when_that_was_allowed() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()

    payment = await charged(shop, issued.digits)

    assert (payment.captured, await ada.balance()) == (1_800, 98_200)
    assert await how(issued, ada) is Standing.PAID
    assert (await Movement.get(id=payment.movement_id)).note == "Two teas"
    [event] = await StreamEvent.filter(stream_id=issued.code.id)
    assert (event.seq, event.status) == (1, "paid")
    assert [each.type for each in await MerchantEvent.all()] == ["payment.captured"]
    await books.assert_sound()


@pytest.mark.parametrize(
    ("amount", "is_at_once"), [(20_000, True), (20_001, False), (1, True), (90_000, False)]
)
async def test_what_is_more_than_small_is_asked_about(amount: int, is_at_once: bool) -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()

    if is_at_once:
        await charged(shop, issued.digits, amount=amount)
    else:
        await asked(shop, issued.digits, amount=amount)

    assert await ada.balance() == 100_000 - (amount if is_at_once else 0)


async def test_the_eleventh_of_a_day_is_asked_about_and_the_next_day_is_anew() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()

    for _ in range(10):
        await charged(shop, (await ada.shows()).digits)
    await asked(shop, (await ada.shows()).digits)
    tomorrow = NOON + timedelta(days=1)
    await charged(shop, (await ada.shows(tomorrow)).digits, tomorrow)

    assert await ada.balance() == 100_000 - 11 * 1_800


async def test_of_many_at_once_no_more_than_ten_a_day_go_without_asking() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    await CodePayer.filter(person_id=ada.by.person_id).update(used_on=NOON.date(), used=8)
    shown = [await ada.shows() for _ in range(3)]

    said = await asyncio.gather(
        *(charged(shop, each.digits) for each in shown), return_exceptions=True
    )

    assert sum(isinstance(each, Payment) for each in said) == 2
    assert sum(isinstance(each, UserPaying) for each in said) == 1
    assert await ada.balance() == 100_000 - 2 * 1_800


@pytest.mark.parametrize("factor", [Factor.PASSWORD, Factor.TOTP, Factor.CONTACT_CODE, None])
async def test_only_what_pays_can_allow_it(factor: Factor | None) -> None:
    ada = await shopper()
    if factor is not None:
        await fresh_proofs.note(ada.by.session_id, factor, now=NOON)

    with pytest.raises(ProofNeeded):
        await payment_codes.set_allowed(by=ada.by, is_allowed=True, now=NOON)

    assert not await payment_codes.is_allowed(ada.by.person_id)


async def test_taking_it_back_needs_no_proof() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()

    await payment_codes.set_allowed(by=ada.by, is_allowed=False, now=NOON + timedelta(hours=1))

    await asked(shop, (await ada.shows()).digits)


async def test_a_pin_that_was_just_reset_lets_nothing_go_without_asking() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    await Pin.filter(person_id=ada.by.person_id).update(reset_at=NOON)

    await asked(shop, (await ada.shows()).digits)

    assert await ada.balance() == 100_000


@pytest.fixture
def rules() -> Iterator[None]:
    yield
    risk.install(None)


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("outcome", [Outcome.STEP_UP, Outcome.REVIEW, Outcome.DECLINE])
async def test_whatever_the_rules_of_risk_do_not_simply_allow_is_asked_about(
    outcome: Outcome,
) -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    risks.install(risks.rule(outcome=outcome))

    await asked(shop, (await ada.shows()).digits)

    assert (await ada.balance(), await RiskHit.all().count()) == (100_000, 0)


@pytest.mark.usefixtures("rules")
async def test_a_rule_that_is_tried_out_finds_what_is_paid_at_once() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    risks.install(risks.rule(outcome=Outcome.REVIEW, is_shadow=True))

    await charged(shop, (await ada.shows()).digits)

    assert [hit.rule for hit in await RiskHit.all()] == ["first-payment"]


async def test_a_fee_of_the_payers_is_shown_to_them_first() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    await MerchantFee.create(
        id=new_id(),
        merchant_id=shop.id,
        currency="CNY",
        fixed=10,
        rate=0,
        payer=FeePayer.CUSTOMER,
        since=NOON,
        set_by=shop.owner_id,
        set_at=NOON,
    )

    await asked(shop, (await ada.shows()).digits)

    assert await ada.balance() == 100_000


async def test_a_wallet_without_enough_in_it_is_asked_about_and_the_merchant_hears_no_reason() -> (
    None
):
    shop, ada = await shopping.shop(), await shopper(holds=100)
    await ada.allows()
    issued = await ada.shows()

    await asked(shop, issued.digits)

    assert (await ada.balance(), await Movement.filter(kind="merchant_payment").count()) == (100, 0)
    assert await how(issued, ada) is Standing.WAITING


@pytest.mark.parametrize("level", [FreezeOwner.CUSTOMER, FreezeOwner.AGENT])
async def test_nothing_leaves_a_frozen_wallet_by_a_code(level: FreezeOwner) -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()
    await Account.filter(id=ada.wallet.id).update(freeze_level=level)

    await asked(shop, issued.digits)
    with pytest.raises((wallets.FrozenByOwner, wallets.Restricted)):
        await ada.shows()

    assert await ada.balance() == 100_000


async def test_a_code_scanned_by_two_merchants_at_once_is_paid_to_one() -> None:
    tea, ada = await shopping.shop(), await shopper()
    book = await factories.merchant(await factories.person("eve"), "Books")
    await ada.allows()
    issued = await ada.shows()

    said = await asyncio.gather(
        charged(tea, issued.digits), charged(book, issued.digits), return_exceptions=True
    )

    assert sum(isinstance(each, Payment) for each in said) == 1
    assert sum(isinstance(each, CodeUnusable) for each in said) == 1
    assert (await ada.balance(), await Order.all().count()) == (98_200, 1)


async def test_one_request_sent_twice_at_once_is_one_payment() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}

    said = await asyncio.gather(
        *(charged(shop, issued.digits, **words) for _ in range(4)), return_exceptions=True
    )
    again = await charged(shop, issued.digits, **words)

    # Whoever came second may have looked before the money moved.
    assert all(isinstance(each, Payment | UserPaying) for each in said), said
    assert {each.movement_id for each in said if isinstance(each, Payment)} <= {again.movement_id}
    assert (await ada.balance(), await Payment.all().count()) == (98_200, 1)


@pytest.mark.parametrize(
    "change",
    [{"amount": 18_01}, {"reference": "other"}, {"description": "Three"}, {"currency": "JPY"}],
)
async def test_a_key_is_for_one_charge(change: dict[str, Any]) -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}
    await asked(shop, issued.digits, **words)

    with pytest.raises(KeyReused):
        await charged(shop, issued.digits, **{**words, **change})
    with pytest.raises(KeyReused):
        await charged(shop, (await ada.shows()).digits, **words)


async def test_used_ended_and_unknown_codes_are_refused_alike() -> None:
    shop, ada = await shopping.shop(), await shopper()
    used, old = await ada.shows(), await ada.shows()
    await asked(shop, used.digits)

    for said, now in (
        (used.digits, NOON),
        (old.digits, NOON + timedelta(seconds=90)),
        (digits.fresh(), NOON),
        ("", NOON),
        ("x" * 61_440, NOON),
    ):
        with pytest.raises(CodeUnusable):
            await charged(shop, said, now)

    assert await Order.all().count() == 1


async def test_a_code_ends_with_the_session_that_shows_it() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    await sessions.sign_out(ada.by.session_id, NOON)

    with pytest.raises(CodeUnusable):
        await charged(shop, issued.digits)


async def test_the_fourth_code_ends_the_oldest_also_of_those_asked_for_at_once() -> None:
    shop, ada = await shopping.shop(), await shopper()
    first = await ada.shows()

    later = await asyncio.gather(*(ada.shows(NOON + timedelta(seconds=1)) for _ in range(5)))

    with pytest.raises(CodeUnusable):
        await charged(shop, first.digits, NOON + timedelta(seconds=1))
    alive = [each for each in later if await how(each, ada, NOON + timedelta(seconds=1)) == "shown"]
    assert len(alive) == 3


async def test_a_merchant_who_guesses_is_stopped_and_others_are_not() -> None:
    shop, ada = await shopping.shop(), await shopper()
    other = await factories.merchant(await factories.person("eve"), "Other")
    issued = await ada.shows()
    await CodeGuard.create(
        merchant_id=shop.id, wrong_tries=guards.MAX_WRONG_TRIES - 1, began_at=NOON
    )

    with pytest.raises(CodeUnusable):
        await charged(shop, digits.fresh())
    with pytest.raises(CodeTriesExhausted) as stopped:
        await charged(shop, issued.digits)

    assert stopped.value.until == NOON + timedelta(minutes=15)
    await asked(other, issued.digits)
    later = NOON + timedelta(minutes=15)
    await asked(shop, (await ada.shows(later)).digits, later)


async def test_guesses_at_once_share_the_tries_and_right_codes_cost_none() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await asked(shop, (await ada.shows()).digits)
    left = guards.MAX_WRONG_TRIES - 5
    await CodeGuard.filter(merchant_id=shop.id).update(wrong_tries=left)

    said = await asyncio.gather(
        *(charged(shop, digits.fresh()) for _ in range(10)), return_exceptions=True
    )

    assert sum(isinstance(each, CodeUnusable) for each in said) == 5
    assert sum(isinstance(each, CodeTriesExhausted) for each in said) == 5


async def test_whoever_declines_closes_the_order_and_the_merchant_is_told() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}
    order = await asked(shop, issued.digits, **words)

    for _ in range(2):
        await payment_codes.decline(issued.code.id, by=ada.by.person_id, now=NOON)

    with pytest.raises(UserCancelled):
        await charged(shop, issued.digits, **words)
    assert (await Order.get(id=order.id)).status is OrderStatus.CLOSED
    assert [each.type for each in await MerchantEvent.all()] == ["order.closed"]
    assert await how(issued, ada) is Standing.DECLINED
    assert [each.status for each in await StreamEvent.filter(stream_id=issued.code.id)] == [
        "waiting",
        "declined",
    ]


async def test_what_is_declined_while_it_is_confirmed_is_one_of_the_two() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    order = await asked(shop, issued.digits)
    prepared = await ada.customer.prepares(order)

    await asyncio.gather(
        ada.customer.confirms(prepared),
        payment_codes.decline(issued.code.id, by=ada.by.person_id, now=NOON),
        return_exceptions=True,
    )

    ends = await how(issued, ada), await ada.balance()
    assert ends in {(Standing.PAID, 98_200), (Standing.DECLINED, 100_000)}


async def test_a_code_that_was_paid_cannot_be_declined() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()
    payment = await charged(shop, issued.digits)

    with pytest.raises(orders.OrderAlreadyPaid) as paid:
        await payment_codes.decline(issued.code.id, by=ada.by.person_id, now=NOON)

    assert paid.value.movement is not None
    assert paid.value.movement.id == payment.movement_id


async def test_declining_a_code_that_nobody_scanned_ends_it() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()

    await payment_codes.decline(issued.code.id, by=ada.by.person_id, now=NOON)

    assert await how(issued, ada) is Standing.EXPIRED
    with pytest.raises(CodeUnusable):
        await charged(shop, issued.digits)


async def test_an_order_that_nobody_confirmed_ends_and_the_same_key_says_so() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}
    order = await asked(shop, issued.digits, **words)
    late = NOON + timedelta(minutes=5)

    await orders.expire(order.id, late)

    with pytest.raises(orders.OrderExpired):
        await charged(shop, issued.digits, late, **words)
    assert await how(issued, ada, late) is Standing.EXPIRED


async def test_an_order_the_merchant_closed_cannot_be_paid_any_more() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    words: dict[str, Any] = {"reference": "till-1", "key": "k"}
    order = await asked(shop, issued.digits, **words)

    await orders.close(order.id, merchant_id=shop.id, now=NOON)

    with pytest.raises(orders.OrderAlreadyClosed):
        await charged(shop, issued.digits, **words)
    assert await how(issued, ada) is Standing.CLOSED


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": 0}, amounts.AmountInvalid),
        ({"amount": 2**53}, amounts.AmountInvalid),
        ({"currency": "JPY"}, amounts.CurrencyMismatch),
        ({"currency": "\ud800" * 20_000}, amounts.CurrencyMismatch),
        ({"reference": ""}, orders.ReferenceInvalid),
        ({"reference": "x" * 61_440}, orders.ReferenceInvalid),
        ({"reference": "\ud800"}, orders.ReferenceInvalid),
        ({"description": "x" * 61_440}, orders.DescriptionInvalid),
        ({"description": "\ud800"}, orders.DescriptionInvalid),
    ],
)
async def test_a_charge_that_cannot_be_leaves_the_code_as_it_was(
    change: dict[str, Any], refusal: type[Exception]
) -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()

    with pytest.raises(refusal):
        await charged(shop, issued.digits, **change)

    assert (await ada.balance(), await Order.all().count()) == (100_000, 0)
    await charged(shop, issued.digits)


async def test_a_merchant_that_is_paused_charges_nothing() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await ada.allows()
    issued = await ada.shows()
    await Merchant.filter(id=shop.id).update(status=MerchantStatus.PAUSED)

    with pytest.raises(orders.MerchantUnavailable):
        await charged(shop, issued.digits)

    assert await ada.balance() == 100_000


async def test_a_reference_has_one_code_and_one_order() -> None:
    shop, ada = await shopping.shop(), await shopper()
    await asked(shop, (await ada.shows()).digits, reference="till-1")

    with pytest.raises(orders.ReferenceReused):
        await charged(shop, (await ada.shows()).digits, reference="till-1")


async def test_nobody_charges_their_own_code() -> None:
    ada = await shopper()
    shop = await factories.merchant(ada.customer.person, "Ada's")
    await ada.allows()

    with pytest.raises(payees.SelfPayment):
        await charged(shop, (await ada.shows()).digits)

    assert await ada.balance() == 100_000


async def test_a_code_is_its_owners_alone() -> None:
    ada, eve = await shopper(), await shopper("eve")
    issued = await ada.shows()

    with pytest.raises(NotFound):
        await payment_codes.of(issued.code.id, by=eve.by.person_id)
    with pytest.raises(NotFound):
        await payment_codes.decline(issued.code.id, by=eve.by.person_id, now=NOON)
    with pytest.raises(NotFound):
        await replace(eve, customer=ada.customer).shows()

    assert await how(issued, ada) is Standing.SHOWN


async def test_digits_stand_in_no_job_and_no_row() -> None:
    shop, ada = await shopping.shop(), await shopper()
    issued = await ada.shows()
    await asked(shop, issued.digits)

    rows = [*await Job.all().values(), *await PaymentCode.all().values()]
    rows += [*await Order.all().values(), *await StreamEvent.all().values()]

    assert issued.digits not in str(rows)
