"""A merchant paid through the API: two who look at one payment, each as they may."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette

from domain import merchant_codes, payments
from domain.merchants import Scope
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.movements import Movement
from models.orders import Order, OrderStatus
from models.payments import Payment
from tests import factories
from tests.api.conftest import Moving
from tests.api.tills import PREPARE, confirm, listening, pays, prepared, till, wish
from tests.moments import NOON, Clock

ONE = """query ($id: ID!, $merchant: ID) { payment(id: $id, merchantId: $merchant) {
    id status state direction counterparty { name isMe } source { name } target { name isMe }
    authorized { amountMinor } captured { amountMinor } voided { amountMinor }
    refunded { amountMinor } refundable { amountMinor } allowedActions captureBefore
    failure { code title detail } order { reference status } } }"""
LIST = """query ($filter: PaymentFilter, $first: Int, $after: String) {
    payments(filter: $filter, first: $first, after: $after) {
    edges { node { status state amount { amountMinor } source { name }
    order { reference merchant { name } } } } pageInfo { endCursor } } }"""
MOVEMENT = "query ($id: ID!) { movement(id: $id) { id status } }"
BY_KEY = "query ($key: ID!) { movementByKey(key: $key) { id status } }"


async def test_an_order_is_paid_and_both_sides_see_it_as_they_may(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada", holds=5_000, display_name="Ada Lovelace")
    shop = await till(app)
    order = await shop.order()

    shown = await ada.asker.data(PREPARE, input=wish(ada, order["number"]))
    payment = await pays(ada, order["number"])
    seen = await shop.asker.data(ONE, id=payment["id"])

    assert shown["quote"]["order"]["reference"] is None
    assert shown["quote"]["total"] == {"amountMinor": 1_250}
    assert (payment["status"], payment["state"]) == ("COMPLETED", "CAPTURED")
    assert payment["counterparty"] == {"name": "Tea House", "kind": "MERCHANT"}
    assert (payment["direction"], payment["allowedActions"]) == ("OUT", ["REFUND"])
    assert payment["order"]["reference"] is None
    assert seen["counterparty"] == {"name": "A** L*******", "isMe": False}
    assert (seen["direction"], seen["order"]["reference"]) == ("IN", "tea-1250")
    assert seen["refundable"] == {"amountMinor": 1_250}
    assert seen["allowedActions"] == ["REFUND"]


async def test_neither_side_reaches_a_payment_by_the_others_door(
    app: Starlette, resident: Moving
) -> None:
    ada, mei = await resident("ada", holds=5_000), await resident("lin")
    shop = await factories.merchant(mei.person)
    order = await factories.order(shop)
    payment = await pays(ada, order.number)

    assert await mei.asker.code(MOVEMENT, id=payment["id"]) == "NOT_FOUND"
    assert await ada.asker.code(ONE, id=payment["id"]) == "NOT_FOUND"
    assert await ada.asker.code(ONE, id=payment["id"], merchant=f"mer_{shop.id.hex}") == "NOT_FOUND"
    assert (await ada.asker.data(MOVEMENT, id=payment["id"]))["id"] == payment["id"]
    seen = await mei.asker.data(ONE, id=payment["id"], merchant=f"mer_{shop.id.hex}")
    assert seen["id"] == payment["id"]


async def test_a_merchant_hears_no_reason_that_is_its_customers_own(
    app: Starlette, resident: Moving
) -> None:
    ada, bob, shop = await resident("ada", holds=5_000), await resident("bob"), await till(app)
    order, other = await shop.order(4_000), await shop.order(2_000)
    quoted = await prepared(ada, order["number"])
    await pays(ada, other["number"], key="before")

    answer = await confirm(ada, quoted)
    seen = await shop.asker.data(ONE, id=answer["payment"]["id"])

    assert answer["__typename"] == "PaymentFailed"
    assert answer["payment"]["failure"]["code"] == "INSUFFICIENT_FUNDS"
    assert seen["failure"]["code"] == "PAYMENT_NOT_MADE"
    assert "balance" not in str(seen).lower()
    assert bob.person.id != ada.person.id


async def test_a_merchant_hears_a_reason_that_is_about_the_order(
    app: Starlette, resident: Moving
) -> None:
    ada, bob, shop = await resident("ada", holds=5_000), await resident("bob"), await till(app)
    order = await shop.order()
    quoted = await prepared(ada, order["number"])
    await factories.fund(bob.wallet, bob.person, 5_000)
    await pays(bob, order["number"])

    answer = await confirm(ada, quoted)
    seen = await shop.asker.data(ONE, id=answer["payment"]["id"])

    assert answer["payment"]["failure"]["code"] == seen["failure"]["code"] == "ORDER_PAID"


async def test_whoever_paid_already_is_shown_their_payment(
    app: Starlette, resident: Moving
) -> None:
    ada, bob, shop = await resident("ada", holds=5_000), await resident("bob"), await till(app)
    order = await shop.order()
    payment = await pays(ada, order["number"])

    hers = await ada.asker.data(PREPARE, input=wish(ada, order["number"]))
    his = await bob.asker.data(PREPARE, input=wish(bob, order["number"]))

    assert hers["code"] == his["code"] == "ORDER_PAID"
    assert (hers["payment"], his["payment"]) == ({"id": payment["id"]}, None)


async def test_what_was_authorised_is_captured_in_parts_by_the_merchants_key(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    order = await shop.order(1_000, capture="LATER")
    answer = await confirm(ada, await prepared(ada, order["number"]))
    id = answer["payment"]["id"]
    part: dict[str, Any] = {"amount": {"amountMinor": 300, "currency": "CNY"}, "isFinal": False}

    seen = await shop.asker.data(ONE, id=id)
    first = await shop.captures(id, **part)
    again = await shop.captures(id, **part)
    too_much = await shop.captures(id, "c-2", amount={"amountMinor": 701, "currency": "CNY"})
    rest = await shop.voids(id)
    nothing = await shop.voids(id, "v-2")

    assert answer["__typename"] == "PaymentAuthorized"
    assert answer["payment"]["allowedActions"] == []
    assert (seen["state"], seen["allowedActions"]) == ("AUTHORIZED", ["CAPTURE", "VOID"])
    assert seen["captureBefore"] == (NOON + payments.AUTHORIZED_FOR).isoformat()
    assert first == again
    assert first["payment"]["state"] == "PARTIALLY_CAPTURED"
    assert (too_much["code"], too_much["capturable"]) == ("CAPTURE_EXCEEDS", {"amountMinor": 700})
    assert rest["payment"]["voided"] == {"amountMinor": 700}
    assert (nothing["code"], nothing["state"]) == ("NOTHING_TO_VOID", "CAPTURED")
    assert await factories.balances(ada.wallet) == [4_700]


async def test_what_is_voided_closes_its_order(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    order = await shop.order(1_000, capture="LATER")
    payment = await pays(ada, order["number"])

    answer = await shop.voids(payment["id"])

    assert answer["payment"]["state"] == "VOIDED"
    assert answer["payment"]["order"] == {"status": "CLOSED"}
    assert await factories.balances(ada.wallet) == [5_000]


async def test_jobs_give_back_what_was_not_captured_and_close_what_was_not_paid(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    authorised = await shop.order(1_000, capture="LATER")
    left = await shop.order(2_000)
    payment = await pays(ada, authorised["number"])

    clock.advance(days=7)
    await Worker(registry(Wires()), clock=clock).run_due()
    seen = await shop.asker.data(ONE, id=payment["id"])

    assert (seen["status"], seen["state"]) == ("CANCELLED", "EXPIRED")
    assert (await Order.get(number=left["number"])).status is OrderStatus.CLOSED
    assert await factories.balances(ada.wallet) == [5_000]


async def test_a_key_finds_a_payment_that_it_was_used_for(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order())["number"], key="tea")

    found = await ada.asker.data(BY_KEY, key="tea")

    assert found == {"id": payment["id"], "status": "COMPLETED"}


async def test_a_key_without_the_scope_does_not_capture(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app, Scope.READ, Scope.ORDERS)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"])

    seen = await shop.asker.data(ONE, id=payment["id"])
    answer = await shop.asker.answer(
        'mutation ($id: ID!) { voidPayment(input: { paymentId: $id, idempotencyKey: "v" }) '
        "{ __typename } }",
        id=payment["id"],
    )

    assert seen["allowedActions"] == []
    assert answer["errors"][0]["extensions"]["code"] == "SCOPE_MISSING"
    assert (await Payment.get()).voided == 0


async def test_a_merchant_finds_its_payments_and_those_that_failed(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    first, second = await shop.order(4_000), await shop.order(2_000)
    quoted = await prepared(ada, first["number"])
    await pays(ada, second["number"])
    await confirm(ada, quoted, "pay-2")

    async def found(**wanted: Any) -> list[tuple[str, str]]:
        listed = await shop.asker.data(LIST, filter=wanted)
        nodes = [edge["node"] for edge in listed["edges"]]
        return [(node["order"]["reference"], node["status"]) for node in nodes]

    assert sorted(await found()) == [("tea-2000", "COMPLETED"), ("tea-4000", "FAILED")]
    assert await found(statuses=["FAILED"]) == [("tea-4000", "FAILED")]
    assert await found(reference="tea-2000") == [("tea-2000", "COMPLETED")]
    assert await found(until=NOON.isoformat()) == []


async def test_a_page_of_payments_costs_one_statement_per_list(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=50_000), await till(app)
    for number in range(1, 9):
        await pays(ada, (await shop.order(number))["number"], key=f"k-{number}")
    await shop.asker.data(LIST)
    statements = listening()

    listed = await shop.asker.data(LIST)

    # The payments with all they belong to, and who stands on both sides.
    assert len(statements) == 2, statements
    assert len(listed["edges"]) == 8


async def test_history_of_a_wallet_reads_what_was_paid_in_one_statement(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=50_000), await till(app)
    for number in range(1, 9):
        await pays(ada, (await shop.order(number))["number"], key=f"k-{number}")
    screen = """{ me { wallets { movements { edges { node { amount { amountMinor }
        ... on MerchantPayment { state refunded { amountMinor } order { number }
        merchant { name } } } } } } } }"""
    await ada.asker.data(screen)
    statements = listening()

    await ada.asker.data(screen)

    # me, wallets, movements, who stands on both sides, and the payments.
    assert len(statements) == 5, statements


async def test_a_lasting_code_is_paid_with_an_amount_that_the_customer_types(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    code = await merchant_codes.create(
        merchant_id=shop.merchant.id, currency="CNY", store="West Lake", till="2", now=NOON
    )
    text = merchant_codes.write_static(code, shop.merchant, livemode=False)
    typed = {"walletId": ada.wallet_id, "order": {"code": text}}
    amount = {"amountMinor": 700, "currency": "CNY"}

    without = await ada.asker.data(PREPARE, input=typed)
    shown = await ada.asker.data(PREPARE, input={**typed, "amount": amount})
    hidden = await shop.asker.data("{ orders { edges { node { reference } } } }")
    quoted = {"quoteId": shown["quote"]["id"], "challengeId": shown["challenge"]["id"]}
    answer = await confirm(ada, quoted)
    listed = await shop.asker.data("{ orders { edges { node { origin description } } } }")

    assert (without["code"], without["field"]) == ("AMOUNT_INVALID", ["amount", "amountMinor"])
    assert shown["quote"]["order"]["description"] == "West Lake 2"
    assert hidden["edges"] == []
    assert answer["__typename"] == "PaymentCompleted"
    assert [edge["node"] for edge in listed["edges"]] == [
        {"origin": "STATIC_CODE", "description": "West Lake 2"}
    ]


async def test_a_code_of_an_order_is_paid_like_its_number(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    made = await shop.order()
    row = await Order.get(number=made["number"])
    text = merchant_codes.write_for_order(row, shop.merchant, livemode=False)

    answer = await ada.asker.data(
        PREPARE, input={"walletId": ada.wallet_id, "order": {"code": text}}
    )
    altered = await ada.asker.data(
        PREPARE, input={"walletId": ada.wallet_id, "order": {"code": "https://example.org"}}
    )

    assert answer["quote"]["order"]["number"] == made["number"]
    assert (altered["code"], altered["field"]) == ("QR_INVALID", ["order", "code"])


@pytest.mark.parametrize("where", ["number", "code"])
async def test_an_endless_order_number_or_code_is_answered(
    app: Starlette, resident: Moving, where: str
) -> None:
    ada = await resident("ada", holds=5_000)

    answer = await ada.asker.data(
        PREPARE, input={"walletId": ada.wallet_id, "order": {where: "9" * 60_000}}
    )

    assert answer["code"] in {"ORDER_NOT_FOUND", "QR_INVALID"}
    assert not await Movement.filter(kind="merchant_payment").exists()


async def test_history_finds_what_was_paid_to_one_merchant(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order())["number"])
    screen = """query ($party: ID) { me { wallets { movements(filter: { counterparty: $party }) {
        edges { node { id target { id } } } } } } }"""
    everything = await ada.asker.data(screen)
    [party] = [
        edge["node"]["target"]["id"]
        for edge in everything["wallets"][0]["movements"]["edges"]
        if edge["node"]["id"] == payment["id"]
    ]

    found = await ada.asker.data(screen, party=party)

    edges = found["wallets"][0]["movements"]["edges"]
    assert [edge["node"]["id"] for edge in edges] == [payment["id"]]
