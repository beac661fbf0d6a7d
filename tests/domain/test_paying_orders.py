"""An order is paid once: what the ledger makes of commands that name one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain import ledger
from domain.ledger import Outcome
from domain.money import MinorUnits
from models.jobs import Job
from models.merchants import MerchantStatus
from models.movements import Hold, MovementKind, MovementStatus
from models.orders import Order, OrderStatus
from models.payments import MerchantEvent, Payment
from models.quotes import Capture
from models.streams import StreamEvent
from models.wallets import Account
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def pays(order: Order, wallet: Account, at: object = NOON) -> ledger.Posted:
    """One try to pay an order out of a wallet."""
    account = await Account.get(merchant_id=order.merchant_id, currency=order.currency)
    assert wallet.owner_id is not None
    asked = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=wallet.owner_id,
        source_id=wallet.id,
        target_id=account.id,
        amount=MinorUnits(order.amount),
        currency=order.currency,
        order_id=order.id,
    )
    return await ledger.post(ledger.pay(asked, key=factories.some_key(), at=NOON))


async def test_a_payment_takes_its_order_and_its_merchant_is_told() -> None:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei)
    wallet = await factories.wallet(ada, holds=5_000)
    order = await factories.order(shop, 1_000)

    posted = await pays(order, wallet)

    assert posted.movement is not None
    assert posted.outcome is Outcome.DONE
    paid, payment = await Order.get(id=order.id), await Payment.get(order_id=order.id)
    assert (paid.status, paid.paid_by) == (OrderStatus.PAID, posted.movement.id)
    assert (payment.authorized, payment.captured, payment.voided) == (1_000, 1_000, 0)
    assert payment.merchant_id == shop.id
    [told] = await StreamEvent.filter(stream_id=payment.stream_id)
    assert (told.seq, told.status) == (1, "completed")
    [event] = await MerchantEvent.all()
    assert (event.type, event.subject_id) == ("payment.captured", posted.movement.id)
    assert await Job.filter(kind="tell_merchant", subject_id=event.id).exists()


async def test_of_many_payers_of_one_order_one_has_paid() -> None:
    mei = await factories.person("mei")
    shop = await factories.merchant(mei)
    order = await factories.order(shop, 1_000)
    payers = [await factories.person(f"payer{place}") for place in range(8)]
    wallets = [await factories.wallet(payer, holds=1_000) for payer in payers]

    posted = await asyncio.gather(*(pays(order, wallet) for wallet in wallets))

    assert sorted(each.outcome for each in posted) == [Outcome.DONE, *[Outcome.FAILED] * 7]
    assert {each.code for each in posted} == {None, "ORDER_PAID"}
    assert sum(await factories.balances(*wallets)) == 7_000
    account = await Account.get(merchant_id=shop.id)
    assert account.balance == 1_000


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"status": OrderStatus.CLOSED, "closed_at": NOON}, None, "ORDER_CLOSED"),
        ({"expires_at": NOON}, None, "ORDER_EXPIRED"),
        ({}, MerchantStatus.PAUSED, "MERCHANT_UNAVAILABLE"),
    ],
)
async def test_an_order_that_cannot_be_paid_says_why(
    changes: dict[str, object], status: MerchantStatus | None, code: str
) -> None:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei, **({"status": status} if status else {}))
    wallet = await factories.wallet(ada, holds=1_000)
    order = await factories.order(shop, 1_000, **changes)

    posted = await pays(order, wallet)

    assert (posted.outcome, posted.code) == (Outcome.FAILED, code)
    assert await factories.balances(wallet) == [1_000]
    payment = await Payment.get(order_id=order.id)
    assert (payment.authorized, payment.captured) == (0, 0)
    assert [event.type for event in await MerchantEvent.all()] == ["payment.failed"]


async def test_an_order_that_is_not_there_moves_no_money() -> None:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei)
    wallet = await factories.wallet(ada, holds=1_000)
    order = await factories.order(shop, 1_000)
    await order.delete()

    posted = await pays(order, wallet)

    assert (posted.outcome, posted.code) == (Outcome.FAILED, "ORDER_CLOSED")
    assert await factories.balances(wallet) == [1_000]
    assert not await Payment.all().count()
    assert not await MerchantEvent.all().count()


async def test_what_is_authorised_is_captured_in_parts_and_the_rest_goes_back() -> None:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei)
    wallet = await factories.wallet(ada, holds=5_000)
    order = await factories.order(shop, 1_000, capture=Capture.LATER)
    payment = await factories.payment(order, wallet)
    assert (await Order.get(id=order.id)).status is OrderStatus.PAID

    for amount, is_final in ((300, False), (500, True)):
        movement = await (await Payment.get(order_id=order.id)).movement()
        held = await Hold.get(movement_id=movement.id)
        command = ledger.capture(
            movement,
            held,
            key=factories.some_key(),
            at=NOON + timedelta(days=1),
            amount=MinorUnits(amount),
            is_final=is_final,
        )
        posted = await ledger.post(command)
        assert posted.outcome is Outcome.DONE

    payment = await Payment.get(order_id=order.id)
    assert (payment.authorized, payment.captured, payment.voided) == (1_000, 800, 200)
    assert payment.stream_seq == 3
    assert (await payment.movement()).status is MovementStatus.COMPLETED
    assert await factories.balances(wallet, await Account.get(merchant_id=shop.id)) == [4_200, 800]
    types = [event.type for event in await MerchantEvent.all().order_by("at", "id")]
    assert sorted(types) == ["payment.authorized", "payment.captured", "payment.captured"]


async def test_money_that_is_set_aside_is_told_from_money_that_is_not_there() -> None:
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei)
    wallet = await factories.wallet(ada, holds=1_000)
    await factories.payment(await factories.order(shop, 700, capture=Capture.LATER), wallet)

    held = await pays(await factories.order(shop, 400), wallet)
    short = await pays(await factories.order(shop, 1_001), wallet)

    assert (held.code, held.missing) == ("FUNDS_ON_HOLD", 100)
    assert (short.code, short.missing) == ("INSUFFICIENT_FUNDS", 701)
