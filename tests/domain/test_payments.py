"""Paying a merchant's order: shown first, proved, then paid once or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from domain import amounts, orders, payees, payments, releases, transfers
from domain.challenges import Proof
from domain.chart import house_account
from domain.decisions import decision
from domain.quotes import QuoteExpired
from domain.refusals import NotFound, Refusal
from models.ids import new_id
from models.merchants import MemberRole, Merchant, MerchantStatus
from models.movements import Movement, MovementKind, MovementStatus
from models.orders import Order, OrderStatus
from models.quotes import Capture, Quote
from models.settlements import FeePayer, MerchantFee
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import shopping
from tests.domain.shopping import Customer, account_of, payment_of
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def test_an_order_is_shown_then_paid_and_the_money_is_the_merchants() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop, 1_250)

    prepared = await ada.prepares(order)
    movement = await ada.confirms(prepared)

    quote = prepared.shown.quote
    assert (quote.amount, quote.fee, quote.payee_id) == (1_250, 0, None)
    assert (prepared.order.id, prepared.merchant.id) == (order.id, shop.id)
    assert prepared.is_new_merchant
    assert (movement.status, movement.note) == (MovementStatus.COMPLETED, "Tea for two")
    assert await factories.balances(ada.wallet, await account_of(shop)) == [8_750, 1_250]
    assert payments.state(movement, await payment_of(movement)) is payments.State.CAPTURED


async def test_a_merchant_that_was_paid_before_is_not_new() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    await ada.pays(await factories.order(shop, 100))

    prepared = await ada.prepares(await factories.order(shop, 200))

    assert not prepared.is_new_merchant


async def test_an_order_that_is_captured_later_is_authorised_first() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop, 1_000, capture=Capture.LATER)

    movement = await ada.pays(order)

    payment = await payment_of(movement)
    assert movement.status is MovementStatus.PENDING
    assert payments.state(movement, payment) is payments.State.AUTHORIZED
    assert payment.capture_before == NOON + payments.AUTHORIZED_FOR
    assert await factories.balances(ada.wallet, await account_of(shop)) == [10_000, 0]
    assert (await Order.get(id=order.id)).status is OrderStatus.PAID


def meant(**words: Any) -> Callable[[Order, Customer], payments.Wish]:
    """A wish for the order, with other words than the order's."""

    def wish(order: Order, customer: Customer) -> payments.Wish:
        facts: dict[str, Any] = {"wallet_id": customer.wallet.id, "order_number": order.number}
        return payments.Wish(**{**facts, **words})

    return wish


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (meant(order_number="1234567890123456"), orders.OrderNotFound),
        (meant(order_number="9" * 60_000), orders.OrderNotFound),
        (meant(order_number="\u0661" * 16), orders.OrderNotFound),
        (meant(merchant_number="0000000000"), payments.MerchantMismatch),
        (meant(amount=999, currency="CNY"), payments.AmountMismatch),
        (meant(amount=1_000, currency="EUR"), payments.AmountMismatch),
    ],
)
async def test_an_order_that_is_not_the_one_the_payer_thinks_is_not_prepared(
    wish: Callable[[Order, Customer], payments.Wish], refusal: type[Refusal]
) -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop, 1_000, number="1000000000000008")

    with pytest.raises(refusal):
        await payments.prepare(
            wish(order, ada), by=factories.identity(ada.person), address="", now=NOON
        )

    assert not await Quote.exists()
    assert await factories.balances(ada.wallet) == [10_000]


async def test_the_right_amount_merchant_and_a_number_with_spaces_are_taken() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    await factories.order(shop, 1_000, number="1000000000000008")
    wish = payments.Wish(
        wallet_id=ada.wallet.id,
        order_number="1000 0000 0000 0008",
        amount=1_000,
        currency="CNY",
        merchant_number=shop.number,
    )

    prepared = await payments.prepare(wish, by=factories.identity(ada.person), address="", now=NOON)

    assert prepared.shown.quote.amount == 1_000


async def test_somebody_elses_wallet_cannot_be_prepared_with() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    bob = await shopping.customer("bob")
    order = await factories.order(shop)
    wish = payments.Wish(wallet_id=bob.wallet.id, order_number=order.number)

    with pytest.raises(NotFound):
        await payments.prepare(wish, by=factories.identity(ada.person), address="", now=NOON)

    assert not await Quote.exists()


async def test_a_wallet_in_another_currency_cannot_pay_the_order() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    euros = await factories.wallet(ada.person, currency="EUR", holds=5_000)
    order = await factories.order(shop)

    with pytest.raises(amounts.CurrencyMismatch):
        await Customer(ada.person, euros).prepares(order)


async def test_only_the_owner_of_a_merchant_cannot_pay_it() -> None:
    mei, lin = await shopping.customer("mei"), await shopping.customer("lin")
    shop = await factories.merchant(mei.person)
    await factories.member(shop, lin.person, MemberRole.CASHIER)
    order = await factories.order(shop)

    with pytest.raises(payees.SelfPayment):
        await mei.prepares(order)
    movement = await lin.pays(order)

    assert movement.status is MovementStatus.COMPLETED
    assert await factories.balances(mei.wallet) == [10_000]


async def paid(order: Order, shop: Merchant) -> None:
    await (await shopping.customer("bob")).pays(order)


async def closed(order: Order, shop: Merchant) -> None:
    await orders.close(order.id, merchant_id=shop.id, now=NOON)


async def expired(order: Order, shop: Merchant) -> None:
    await Order.filter(id=order.id).update(expires_at=NOON)


async def expired_and_closed(order: Order, shop: Merchant) -> None:
    await expired(order, shop)
    await orders.expire(order.id, NOON)


async def paused(order: Order, shop: Merchant) -> None:
    await Merchant.filter(id=shop.id).update(status=MerchantStatus.PAUSED)


WHATS: pytest.MarkDecorator = pytest.mark.parametrize(
    ("happens", "refusal", "code"),
    [
        (paid, orders.OrderAlreadyPaid, "ORDER_PAID"),
        (closed, orders.OrderAlreadyClosed, "ORDER_CLOSED"),
        (expired, orders.OrderExpired, "ORDER_EXPIRED"),
        (expired_and_closed, orders.OrderExpired, "ORDER_EXPIRED"),
        (paused, orders.MerchantUnavailable, "MERCHANT_UNAVAILABLE"),
    ],
)
Happens = Callable[[Order, Merchant], Awaitable[None]]


@WHATS
async def test_an_order_that_cannot_be_paid_is_not_prepared(
    happens: Happens, refusal: type[Refusal], code: str
) -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop)
    await happens(order, shop)

    with pytest.raises(refusal):
        await ada.prepares(order)

    assert not await Quote.filter(person_id=ada.person.id).exists()


@WHATS
async def test_what_happens_between_looking_and_confirming_fails_with_the_same_reason(
    happens: Happens, refusal: type[Refusal], code: str
) -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop)
    prepared = await ada.prepares(order)
    await happens(order, shop)

    movement = await ada.confirms(prepared)

    assert (movement.status, movement.failure_code) == (MovementStatus.FAILED, code)
    assert await factories.balances(ada.wallet) == [10_000]
    payment = await payment_of(movement)
    assert payments.state(movement, payment) is payments.State.FAILED


async def test_whoever_paid_the_order_already_is_told_by_which_payment() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    bob = await shopping.customer("bob")
    order = await factories.order(shop)
    movement = await ada.pays(order)

    with pytest.raises(orders.OrderAlreadyPaid) as told:
        await ada.prepares(order)
    with pytest.raises(orders.OrderAlreadyPaid) as told_bob:
        await bob.prepares(order)

    assert told.value.movement == movement
    assert told_bob.value.movement is None


async def test_an_order_paid_from_two_phones_at_once_is_paid_once() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await factories.order(shop, 1_000)
    first, second = await ada.prepares(order), await ada.prepares(order)

    made = await asyncio.gather(ada.confirms(first), ada.confirms(second))

    assert sorted(each.status for each in made) == [
        MovementStatus.COMPLETED,
        MovementStatus.FAILED,
    ]
    assert {each.failure_code for each in made} == {None, "ORDER_PAID"}
    assert await factories.balances(ada.wallet, await account_of(shop)) == [9_000, 1_000]


async def test_a_confirmation_sent_twice_is_one_payment() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    prepared = await ada.prepares(await factories.order(shop, 1_000))

    made = await asyncio.gather(*(ada.confirms(prepared, key="once") for _ in range(3)))

    assert len({each.id for each in made}) == 1
    assert await Movement.filter(kind=MovementKind.MERCHANT_PAYMENT).count() == 1
    assert await factories.balances(ada.wallet) == [9_000]


async def test_a_quote_of_an_order_cannot_be_confirmed_as_a_transfer() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    prepared = await ada.prepares(await factories.order(shop))
    confirmation = transfers.Confirmation(
        quote_id=prepared.shown.quote.id,
        challenge_id=prepared.shown.challenge.id,
        proof=Proof(pin=shopping.PIN),
        key="other",
    )

    with pytest.raises(NotFound):
        await transfers.confirm(confirmation, by=factories.identity(ada.person), now=NOON)

    assert await factories.balances(ada.wallet) == [10_000]


async def test_a_quote_is_confirmed_within_five_minutes_also_when_the_order_lasts_longer() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    prepared = await ada.prepares(await factories.order(shop))

    with pytest.raises(QuoteExpired):
        await ada.confirms(prepared, NOON + timedelta(minutes=5))

    assert await factories.balances(ada.wallet) == [10_000]


async def customers_pay_a_fee(shop: Merchant) -> None:
    """One in a hundred, and three minor units, on top of what the merchant gets."""
    await MerchantFee.create(
        id=new_id(),
        merchant_id=shop.id,
        currency="CNY",
        fixed=3,
        rate=10_000,
        payer=FeePayer.CUSTOMER,
        since=NOON,
        set_by=shop.owner_id,
        set_at=NOON,
    )


async def test_a_fee_that_customers_pay_is_shown_and_goes_to_the_house() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    await customers_pay_a_fee(shop)
    prepared = await ada.prepares(await factories.order(shop, 1_000))

    movement = await ada.confirms(prepared)

    assert (prepared.shown.quote.amount, prepared.shown.quote.fee) == (1_000, 13)
    payment = await payment_of(movement)
    assert (payment.authorized, payment.captured) == (1_000, 1_000)
    house = await Account.get(id=house_account(AccountKind.FEES, "CNY"))
    assert house.balance == 13
    assert await factories.balances(ada.wallet, await account_of(shop)) == [8_987, 1_000]


async def test_a_fee_waits_with_a_payment_that_is_looked_at_first() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    await customers_pay_a_fee(shop)
    prepared = await ada.prepares(await factories.order(shop, 1_000))
    await Quote.filter(id=prepared.shown.quote.id).update(is_reviewed=True)

    movement = await ada.confirms(prepared)
    async with decision() as announce:
        await releases.approve_in(announce, movement.id, NOON)

    payment = await payment_of(movement)
    assert (payment.authorized, payment.captured, payment.voided) == (1_000, 1_000, 0)
    assert await factories.balances(ada.wallet, await account_of(shop)) == [8_987, 1_000]


async def test_customers_pay_no_fee_while_it_is_open_how_much_will_be_captured() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    await customers_pay_a_fee(shop)

    prepared = await ada.prepares(await factories.order(shop, 1_000, capture=Capture.LATER))

    assert prepared.shown.quote.fee == 0
