"""Orders: made once under their reference, closed by their merchant or by their time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain import amounts, orders, wallets
from domain.orders import numbers
from domain.refusals import NotFound, Refusal
from models.jobs import Job
from models.merchants import MerchantStatus
from models.orders import Order, OrderOrigin, OrderStatus
from models.payments import MerchantEvent
from models.quotes import Capture
from models.wallets import Account
from tests import factories
from tests.domain import shopping
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

TEA = orders.Wish(amount=1_250, currency="CNY", reference="tea-1", description="Tea for two")
SOON = NOON + timedelta(minutes=1)


async def test_an_order_is_open_for_a_quarter_of_an_hour_and_a_job_will_close_it() -> None:
    shop = await shopping.shop()

    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)

    assert (order.amount, order.currency, order.status) == (1_250, "CNY", OrderStatus.OPEN)
    assert (order.capture, order.origin) == (Capture.NOW, OrderOrigin.API)
    assert order.expires_at == NOON + timedelta(minutes=15)
    assert numbers.read(order.number) == order.number
    job = await Job.get(kind=orders.EXPIRE_JOB)
    assert (job.subject_id, job.due_at) == (order.id, order.expires_at)


async def test_the_same_words_under_a_reference_are_the_same_order_also_once_it_is_paid() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)
    await ada.pays(order)

    again = await orders.create(TEA, merchant_id=shop.id, now=SOON)

    assert (again.id, again.status) == (order.id, OrderStatus.PAID)
    assert await Order.all().count() == 1


async def test_many_who_make_one_order_at_once_have_made_one() -> None:
    shop = await shopping.shop()

    made = await asyncio.gather(
        *(orders.create(TEA, merchant_id=shop.id, now=NOON) for _ in range(8))
    )

    assert len({order.id for order in made}) == 1
    assert await Order.all().count() == 1
    assert await Job.filter(kind=orders.EXPIRE_JOB).count() == 1


@pytest.mark.parametrize(
    "words",
    [
        {"amount": 1_251},
        {"currency": "EUR"},
        {"description": "Coffee"},
        {"capture": Capture.LATER},
        {"lasts": timedelta(minutes=16)},
    ],
)
async def test_other_words_under_a_reference_are_refused(words: dict[str, Any]) -> None:
    shop = await shopping.shop()
    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)

    with pytest.raises(orders.ReferenceReused) as told:
        await orders.create(replace(TEA, **words), merchant_id=shop.id, now=NOON)

    assert told.value.order.id == order.id
    assert await Order.all().count() == 1


async def test_two_merchants_may_use_one_reference() -> None:
    mei = await factories.person("mei")
    tea, books = await factories.merchant(mei), await factories.merchant(mei, "Book Shop")

    first = await orders.create(TEA, merchant_id=tea.id, now=NOON)
    second = await orders.create(TEA, merchant_id=books.id, now=NOON)

    assert first.id != second.id


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"amount": 0}, amounts.AmountInvalid),
        ({"amount": -5}, amounts.AmountInvalid),
        ({"amount": 2**53}, amounts.AmountInvalid),
        ({"currency": "XXX"}, wallets.CurrencyNotOffered),
        ({"reference": ""}, orders.ReferenceInvalid),
        ({"reference": "-tea"}, orders.ReferenceInvalid),
        ({"reference": "=1+1"}, orders.ReferenceInvalid),
        ({"reference": "tea 1"}, orders.ReferenceInvalid),
        ({"reference": "tea\n"}, orders.ReferenceInvalid),
        ({"reference": "t" * 65}, orders.ReferenceInvalid),
        ({"reference": "t" * 60_000}, orders.ReferenceInvalid),
        ({"description": "x" * 141}, orders.DescriptionInvalid),
        ({"description": "x" * 60_000}, orders.DescriptionInvalid),
        ({"description": "tea\x00"}, orders.DescriptionInvalid),
        ({"description": "tea\u202egpj"}, orders.DescriptionInvalid),
        ({"lasts": timedelta(seconds=59)}, orders.ExpiryInvalid),
        ({"lasts": timedelta(days=30, seconds=1)}, orders.ExpiryInvalid),
    ],
)
async def test_an_order_that_cannot_be_is_not_made(
    words: dict[str, Any], refusal: type[Refusal]
) -> None:
    shop = await shopping.shop()

    with pytest.raises(refusal):
        await orders.create(replace(TEA, **words), merchant_id=shop.id, now=NOON)

    assert not await Order.exists()
    assert not await Job.filter(kind=orders.EXPIRE_JOB).exists()


async def test_the_shortest_and_the_longest_order_are_made() -> None:
    shop = await shopping.shop()

    for name, lasts in (("short", timedelta(minutes=1)), ("long", timedelta(days=30))):
        wish = replace(TEA, reference=name, lasts=lasts)
        order = await orders.create(wish, merchant_id=shop.id, now=NOON)
        assert order.expires_at == NOON + lasts


async def test_a_merchant_that_is_paused_makes_no_orders_but_finds_its_own() -> None:
    shop = await shopping.shop()
    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)
    shop.status = MerchantStatus.PAUSED
    await shop.save()

    again = await orders.create(TEA, merchant_id=shop.id, now=NOON)
    with pytest.raises(orders.MerchantUnavailable):
        await orders.create(replace(TEA, reference="tea-2"), merchant_id=shop.id, now=NOON)

    assert again.id == order.id
    assert await Order.all().count() == 1


async def test_the_first_order_in_a_currency_opens_the_merchants_account() -> None:
    shop = await shopping.shop()

    await orders.create(replace(TEA, currency="EUR"), merchant_id=shop.id, now=NOON)

    assert await Account.filter(merchant_id=shop.id, currency="EUR").count() == 1


async def test_a_closed_order_stays_closed_and_its_merchant_is_told_once() -> None:
    shop = await shopping.shop()
    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)

    closed = await orders.close(order.id, merchant_id=shop.id, now=SOON)
    again = await orders.close(order.id, merchant_id=shop.id, now=SOON)

    assert (closed.status, closed.closed_at) == (OrderStatus.CLOSED, SOON)
    assert again.closed_at == SOON
    [event] = await MerchantEvent.all()
    assert (event.type, event.subject_id) == ("order.closed", order.id)


async def test_a_paid_order_and_somebody_elses_cannot_be_closed() -> None:
    mei, ada = await factories.person("mei"), await shopping.customer("ada")
    tea, books = await factories.merchant(mei), await factories.merchant(mei, "Book Shop")
    order = await orders.create(TEA, merchant_id=tea.id, now=NOON)

    with pytest.raises(NotFound):
        await orders.close(order.id, merchant_id=books.id, now=NOON)
    await ada.pays(order)
    with pytest.raises(orders.OrderAlreadyPaid):
        await orders.close(order.id, merchant_id=tea.id, now=NOON)

    assert (await Order.get(id=order.id)).status is OrderStatus.PAID


async def test_whether_it_is_closed_or_paid_is_decided_once() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    order = await orders.create(TEA, merchant_id=shop.id, now=NOON)
    prepared = await ada.prepares(order)

    movement, closed = await asyncio.gather(
        ada.confirms(prepared),
        orders.close(order.id, merchant_id=shop.id, now=NOON),
        return_exceptions=True,
    )

    assert not isinstance(movement, BaseException)
    if isinstance(closed, orders.OrderAlreadyPaid):
        assert movement.failure_code is None
        assert await factories.balances(ada.wallet) == [8_750]
    else:
        assert movement.failure_code == "ORDER_CLOSED"
        assert await factories.balances(ada.wallet) == [10_000]


async def test_time_closes_an_order_that_nobody_paid_and_no_other() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada")
    left = await orders.create(TEA, merchant_id=shop.id, now=NOON)
    paid = await orders.create(replace(TEA, reference="tea-2"), merchant_id=shop.id, now=NOON)
    await ada.pays(paid)
    over = left.expires_at

    for order in (left, paid):
        await orders.expire(order.id, over - timedelta(seconds=1))
    before = await Order.get(id=left.id)
    for order in (left, paid, left):
        await orders.expire(order.id, over)

    after = {order.id: order for order in await Order.all()}
    assert before.status is OrderStatus.OPEN
    assert (after[left.id].status, after[left.id].closed_at) == (OrderStatus.CLOSED, over)
    assert after[paid.id].status is OrderStatus.PAID
    assert await MerchantEvent.filter(type="order.closed").count() == 1
    assert orders.standing(before, over) is orders.Standing.EXPIRED
    assert orders.standing(after[left.id], over) is orders.Standing.EXPIRED


async def test_an_order_a_customer_began_and_left_closes_without_a_word() -> None:
    shop = await shopping.shop()
    wish = replace(TEA, origin=OrderOrigin.STATIC_CODE)
    order = await orders.create(wish, merchant_id=shop.id, now=NOON)

    await orders.expire(order.id, order.expires_at)

    assert (await Order.get(id=order.id)).status is OrderStatus.CLOSED
    assert not await MerchantEvent.exists()


def test_numbers_are_drawn_and_one_wrong_digit_is_noticed() -> None:
    drawn = {numbers.fresh() for _ in range(200)}

    assert len(drawn) == 200
    for number in drawn:
        assert numbers.read(number) == number
        for place in range(16):
            wrong = str((int(number[place]) + 1) % 10)
            assert numbers.read(number[:place] + wrong + number[place + 1 :]) is None


def test_a_number_is_read_as_people_type_it() -> None:
    assert numbers.read("1000-0000 0000-0008") == "1000000000000008"
    for text in ("", "1000", "10000000000000080", "１０００００００００００００08", "x" * 60_000):
        assert numbers.read(text) is None
