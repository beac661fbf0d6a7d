"""Lasting codes of merchants, and how much one payer pays by them in a day."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain import ledger, limits, merchant_codes
from domain.codes import QrExpired
from domain.merchant_codes import LabelInvalid, OrderCode, StaticCode, StaticLimitExceeded
from domain.money import MinorUnits
from domain.refusals import NotFound
from domain.wallets import CurrencyNotOffered
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.orders import OrderOrigin
from models.quotes import Capture
from models.wallets import Account
from tests import factories
from tests.domain import books, shopping
from tests.domain.shopping import Customer
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")
SHANGHAI = "Asia/Shanghai"


async def hung(merchant: Merchant, store: str = "", till: str = "") -> MerchantCode:
    """A lasting code of the merchant."""
    return await merchant_codes.create(
        merchant_id=merchant.id, currency="CNY", store=store, till=till, now=NOON
    )


async def paid(
    shop: Merchant,
    ada: Customer,
    amount: int,
    *,
    at: datetime = NOON,
    capture: Capture = Capture.NOW,
) -> ledger.Posted:
    """What comes of it when ada pays an amount by the shop's lasting code."""
    order = await factories.order(
        shop,
        amount,
        origin=OrderOrigin.STATIC_CODE,
        capture=capture,
        expires_at=at + timedelta(hours=1),
    )
    target = await shopping.account_of(shop)
    asked = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=ada.person.id,
        source_id=ada.wallet.id,
        target_id=target.id,
        amount=MinorUnits(amount),
        currency="CNY",
        counted_on=limits.local_day(at, SHANGHAI),
        order_id=order.id,
    )
    key = factories.some_key()
    if capture is Capture.NOW:
        return await ledger.post(ledger.pay(asked, key=key, at=at))
    ends = at + timedelta(days=7)
    return await ledger.post(
        ledger.hold(asked, key=key, at=at, expires_at=ends, capture_before=ends)
    )


async def test_a_lasting_code_leads_to_its_merchant_and_says_where_it_hangs() -> None:
    shop = await shopping.shop()
    code = await hung(shop, "West Lake", "3")

    text = merchant_codes.write_static(code, shop, livemode=False)

    assert await merchant_codes.read(text, NOON) == StaticCode(shop.id, "CNY", "West Lake 3")


async def test_an_orders_code_says_which_order_and_how_much() -> None:
    shop = await shopping.shop()
    order = await factories.order(shop, 12_34)

    text = merchant_codes.write_for_order(order, shop, livemode=False)

    assert text is not None
    read = await merchant_codes.read(text, NOON)
    assert read == OrderCode(order.number, MinorUnits(12_34), "CNY")


async def test_a_till_keeps_its_code_also_when_two_ask_for_the_first_at_once() -> None:
    shop = await shopping.shop()

    made = await asyncio.gather(*(hung(shop, "A", "1") for _ in range(4)))
    other = await hung(shop, "A", "2")

    assert len({code.token for code in made}) == 1
    assert other.token != made[0].token
    listed = await merchant_codes.page(shop.id, limit=9, after=None)
    assert {code.id for code in listed} == {made[0].id, other.id}


async def test_replacing_voids_what_hangs_there_and_no_other_code() -> None:
    shop = await shopping.shop()
    first, second = await hung(shop, till="1"), await hung(shop, till="2")
    old = merchant_codes.write_static(first, shop, livemode=False)

    fresh = await merchant_codes.replace(first.id, merchant_id=shop.id, now=NOON)

    with pytest.raises(QrExpired):
        await merchant_codes.read(old, NOON)
    for code in (fresh, second):
        text = merchant_codes.write_static(code, shop, livemode=False)
        assert isinstance(await merchant_codes.read(text, NOON), StaticCode)
    assert (fresh.id, fresh.till) == (first.id, "1")


async def test_nobody_replaces_the_code_of_another_merchant() -> None:
    shop = await shopping.shop()
    other = await factories.merchant(await factories.person("eve"), "Other")
    code = await hung(shop)

    with pytest.raises(NotFound):
        await merchant_codes.replace(code.id, merchant_id=other.id, now=NOON)

    assert (await MerchantCode.get(id=code.id)).token == code.token


@pytest.mark.parametrize("label", ["x" * 26, "x" * 61_440, "a\x00", "\ud800", "a\u202eb"])
async def test_a_label_that_has_no_room_or_cannot_be_seen_is_refused(label: str) -> None:
    shop = await shopping.shop()

    for words in ((label, ""), ("", label)):
        with pytest.raises(LabelInvalid):
            await hung(shop, *words)

    assert await MerchantCode.all().count() == 0


async def test_a_currency_that_upay_does_not_keep_has_no_code() -> None:
    shop = await shopping.shop()

    with pytest.raises(CurrencyNotOffered):
        await merchant_codes.create(
            merchant_id=shop.id, currency="XAU", store="", till="", now=NOON
        )


async def test_a_payer_pays_five_hundred_a_day_by_lasting_codes_and_no_more() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)
    before = await factories.balances(ada.wallet)

    done, over, rest = [await paid(shop, ada, each) for each in (30_000, 20_001, 20_000)]

    assert [each.code for each in (done, over, rest)] == [None, "LIMIT_QR_STATIC", None]
    assert over.movement is not None
    assert over.movement.status is MovementStatus.FAILED
    assert await factories.balances(ada.wallet) == [before[0] - 50_000]
    await books.assert_sound()


async def test_many_payments_at_once_do_not_pass_the_day_together() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)

    said = await asyncio.gather(*(paid(shop, ada, 20_000) for _ in range(6)))

    assert sorted(each.code or "" for each in said) == [""] * 2 + ["LIMIT_QR_STATIC"] * 4
    assert await factories.balances(ada.wallet) == [160_000]


async def test_the_day_is_the_payers_own_and_begins_anew() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)
    late = NOON.replace(hour=15, minute=59)  # One minute before midnight in Shanghai.

    said = [
        await paid(shop, ada, 50_000, at=late),
        await paid(shop, ada, 1, at=late),
        await paid(shop, ada, 50_000, at=late + timedelta(minutes=1)),
    ]

    assert [each.code for each in said] == [None, "LIMIT_QR_STATIC", None]


async def test_what_was_given_back_before_it_was_captured_counts_no_more() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)
    first = await paid(shop, ada, 50_000, capture=Capture.LATER)
    assert (await paid(shop, ada, 1)).code == "LIMIT_QR_STATIC"
    assert first.movement is not None

    await cancelled(first.movement)

    assert (await paid(shop, ada, 50_000)).code is None


async def cancelled(movement: Movement) -> None:
    held = await Hold.get(movement_id=movement.id)
    await ledger.post(
        ledger.release(
            movement, held, key=factories.some_key(), at=NOON, to=MovementStatus.CANCELLED
        )
    )


async def test_orders_with_an_amount_of_their_own_are_not_counted() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)

    await ada.pays(await factories.order(shop, 60_000))

    assert (await paid(shop, ada, 50_000)).code is None


async def test_a_preview_says_what_the_ledger_would_and_what_is_left() -> None:
    shop, ada = await shopping.shop(), await shopping.customer("ada", holds=200_000)
    await paid(shop, ada, 30_000)

    await checked(ada.wallet, 20_000)
    with pytest.raises(StaticLimitExceeded) as over:
        await checked(ada.wallet, 20_001)

    assert (over.value.limit, over.value.remaining) == (50_000, 20_000)
    await checked(ada.wallet, 50_000, NOON + timedelta(days=1))


async def checked(wallet: Account, amount: int, now: datetime = NOON) -> None:
    await merchant_codes.check_ration(wallet, MinorUnits(amount), now=now, time_zone=SHANGHAI)


async def test_every_currency_has_its_own_sum() -> None:
    ada = await factories.person("ada")
    sums: dict[str, int] = {}

    for currency in ("CNY", "EUR", "GBP", "HKD", "JPY", "KWD", "SGD", "USD"):
        wallet = await factories.wallet(ada, currency=currency)
        with pytest.raises(StaticLimitExceeded) as over:
            await checked(wallet, 10**9)
        sums[currency] = over.value.limit

    assert sums == {
        "CNY": 50_000,
        "EUR": 6_250,
        "GBP": 5_000,
        "HKD": 50_000,
        "JPY": 10_000,
        "KWD": 20_000,
        "SGD": 10_000,
        "USD": 7_500,
    }


async def test_a_merchant_has_at_most_five_hundred() -> None:
    shop = await shopping.shop()
    rows = [
        MerchantCode(
            id=UUID(int=each + 1),
            merchant_id=shop.id,
            currency="CNY",
            store="",
            till=str(each),
            token="".join("ABCDEFGHIJ"[int(digit)] for digit in f"{each:016}"),
            created_at=NOON,
            made_at=NOON,
        )
        for each in range(500)
    ]
    await MerchantCode.bulk_create(rows)

    with pytest.raises(merchant_codes.TooManyCodes):
        await hung(shop, "one", "more")

    assert (await hung(shop, "", "7")).id == UUID(int=8)
