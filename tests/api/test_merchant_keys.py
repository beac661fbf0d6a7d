"""A merchant's program that lost an answer asks what became of its key."""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from domain import ledger
from domain.merchants import Scope
from domain.money import MinorUnits
from models.merchants import MemberRole
from models.movements import MovementKind
from models.orders import Order
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving
from tests.api.test_payment_codes import allows, charged, issued
from tests.api.test_refunds import REFUND
from tests.api.tills import Till, pays, till
from tests.moments import NOON

BY_KEY: Final = """query ($key: ID!, $merchant: ID) {
    movementByKey(key: $key, merchantId: $merchant) {
    __typename id status source { name } failure { code }
    ... on MerchantPayment { state allowedActions order { reference } }
    ... on Refund { refund { id } } } }"""


async def asked(shop: Till, key: str) -> Any:
    return await shop.asker.data(BY_KEY, key=key)


async def test_a_key_that_captured_or_voided_finds_its_payment_as_the_merchant_sees_it(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    taken = await pays(ada, (await shop.order(700, capture="LATER"))["number"], key="a")
    left = await pays(ada, (await shop.order(800, capture="LATER"))["number"], key="b")
    await shop.captures(taken["id"], key="take")
    await shop.voids(left["id"], key="leave")

    found, back = await asked(shop, "take"), await asked(shop, "leave")

    assert found == {
        "__typename": "MerchantPayment",
        "id": taken["id"],
        "status": "COMPLETED",
        "source": {"name": "A**"},
        "failure": None,
        "state": "CAPTURED",
        "allowedActions": ["REFUND"],
        "order": {"reference": "tea-700"},
    }
    assert (back["id"], back["state"]) == (left["id"], "VOIDED")


async def test_a_key_that_gave_money_back_finds_the_refund(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order())["number"])
    words = {"paymentId": payment["id"], "reason": "OTHER", "idempotencyKey": "back"}
    given = await shop.asker.data(REFUND, input=words)

    found = await asked(shop, "back")

    assert (found["__typename"], found["status"]) == ("Refund", "COMPLETED")
    assert found["refund"] == {"id": given["refund"]["id"]}


async def test_a_key_that_charged_a_code_finds_what_the_customer_paid(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=5_000), await resident("bob", holds=5_000)
    shop = await till(app)
    await allows(ada)
    paid = await charged(shop, (await issued(ada))["digits"], idempotencyKey="at-once")
    shown = await issued(bob)
    words = {"idempotencyKey": "asked", "reference": "tea-2"}
    waits = await charged(shop, shown["digits"], **words)
    before = await asked(shop, "asked")

    payment = await pays(bob, waits["order"]["number"])

    assert (await asked(shop, "at-once"))["id"] == paid["payment"]["id"]
    assert (waits["__typename"], before) == ("UserPaying", None)
    assert (await asked(shop, "asked"))["id"] == payment["id"]


async def test_a_try_that_failed_is_no_answer_while_the_customer_is_asked(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada"), await till(app)
    waits = await charged(shop, (await issued(ada))["digits"], idempotencyKey="c-1")
    # As a code that may be paid without asking leaves it, when the money is gone in that moment.
    order = await Order.get(number=waits["order"]["number"])
    account = await Account.get(merchant_id=shop.merchant.id)
    tried = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=ada.person.id,
        source_id=ada.wallet.id,
        target_id=account.id,
        amount=MinorUnits(order.amount),
        currency=order.currency,
        order_id=order.id,
    )
    key = factories.some_key(shop.merchant.id, "c-1")
    failed = await ledger.post(ledger.pay(tried, key=key, at=NOON))

    before = await asked(shop, "c-1")
    await factories.fund(ada.wallet, ada.person, 5_000)
    payment = await pays(ada, order.number)

    assert (failed.code, before) == ("INSUFFICIENT_FUNDS", None)
    assert (await asked(shop, "c-1"))["id"] == payment["id"]


async def test_a_key_that_did_nothing_or_is_anothers_finds_nothing(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"], key="adas")
    await shop.captures(payment["id"], key="tea's")
    other = await factories.merchant(ada.person, "Book Shop")
    books = Asker(app, token=await factories.key(other))

    assert await asked(shop, "never") is None
    assert await asked(shop, "adas") is None
    assert await asked(shop, "9" * 60_000) is None
    assert await shop.asker.data(BY_KEY, key="\0") is None
    assert await books.data(BY_KEY, key="tea's") is None
    assert await ada.asker.data(BY_KEY, key="tea's") is None


async def test_somebody_who_works_there_asks_by_naming_the_merchant(
    app: Starlette, resident: Moving
) -> None:
    ada, zoe, eve = await resident("ada", holds=5_000), await resident("zoe"), await resident("eve")
    shop = await till(app)
    await factories.member(shop.merchant, zoe.person, MemberRole.VIEWER)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"], key="k")
    await shop.captures(payment["id"], key="k")

    found = await zoe.asker.data(BY_KEY, key="k", merchant=shop.merchant_id)

    assert (found["id"], found["source"]) == (payment["id"], {"name": "A**"})
    assert found["allowedActions"] == []
    assert await eve.asker.code(BY_KEY, key="k", merchant=shop.merchant_id) == "NOT_FOUND"
    assert await ada.asker.code(BY_KEY, key="k", merchant="mer_nonsense") == "NOT_FOUND"
    assert (await ada.asker.data(BY_KEY, key="k"))["source"] == {"name": "Ada"}


async def test_a_key_that_may_not_read_is_not_answered(app: Starlette) -> None:
    shop = await till(app, Scope.ORDERS)

    assert await shop.asker.code(BY_KEY, key="k") == "SCOPE_MISSING"
