"""Orders through the API: made by a program, found by whoever is to pay them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette

from models.orders import Order
from tests import factories
from tests.api.conftest import Moving
from tests.api.tills import CREATE, Till, listening, pays, till, wanted
from tests.moments import Clock

LIST = """
query ($filter: OrderFilter, $first: Int, $after: String, $merchant: ID) {
  orders(filter: $filter, first: $first, after: $after, merchantId: $merchant) {
    edges { cursor node { reference status payment { state } } } pageInfo { hasNextPage endCursor }
  }
}
"""
TO_PAY = """query ($number: String!) { orderToPay(number: $number) {
    __typename ... on Order { id number reference description status amount { amountMinor }
    merchant { name } payment { id } } ... on Problem { code field } } }"""
CLOSE = """mutation ($id: ID!) { closeOrder(input: { orderId: $id }) {
    __typename ... on OrderClosed { order { status closedAt } } ... on Problem { code } } }"""


async def test_a_program_makes_an_order_and_the_same_words_give_it_again(app: Starlette) -> None:
    shop = await till(app)

    order = await shop.order()
    again = await shop.order()

    assert order == again
    assert order["amount"] == {"amountMinor": 1_250, "currency": "CNY"}
    assert (order["reference"], order["status"], order["capture"]) == ("tea-1250", "OPEN", "NOW")
    assert order["merchant"]["name"] == "Tea House"
    assert len(order["number"]) == 16


async def test_other_words_under_a_reference_name_the_order_that_has_it(app: Starlette) -> None:
    shop = await till(app)
    order = await shop.order()

    answer = await shop.asker.data(CREATE, input=wanted(9, reference="tea-1250"))

    assert answer["code"] == "REFERENCE_REUSED"
    assert answer["orderNumber"] == order["number"]
    assert await Order.all().count() == 1


async def test_whoever_is_to_pay_sees_the_order_without_the_merchants_own_words(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada"), await till(app)
    order = await shop.order()

    seen = await ada.asker.data(TO_PAY, number=order["number"])
    nothing = await ada.asker.data(TO_PAY, number="1000000000000008")

    assert seen["reference"] is None
    assert (seen["id"], seen["description"], seen["status"]) == (order["id"], "Tea for two", "OPEN")
    assert (nothing["code"], nothing["field"]) == ("ORDER_NOT_FOUND", ["number"])


async def test_who_paid_an_order_is_seen_by_its_merchant_and_its_payer_alone(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=5_000), await resident("bob")
    shop = await till(app)
    order = await shop.order()
    payment = await pays(ada, order["number"])

    by_ada = await ada.asker.data(TO_PAY, number=order["number"])
    by_bob = await bob.asker.data(TO_PAY, number=order["number"])
    listed = await shop.asker.data(LIST)

    assert by_ada["payment"] == {"id": payment["id"]}
    assert (by_bob["status"], by_bob["payment"]) == ("PAID", None)
    assert listed["edges"][0]["node"]["payment"] == {"state": "CAPTURED"}


async def test_a_merchant_finds_its_orders_page_by_page_and_by_how_they_stand(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    await shop.order(1)
    await pays(ada, (await shop.order(2))["number"])
    closed = await shop.order(3)
    await shop.asker.data(CLOSE, id=closed["id"])
    clock.advance(minutes=20)
    await shop.order(4)

    async def found(**wanted: Any) -> list[str]:
        listed = await shop.asker.data(LIST, filter=wanted)
        return [edge["node"]["reference"] for edge in listed["edges"]]

    first = await shop.asker.data(LIST, first=3)
    second = await shop.asker.data(LIST, first=3, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["reference"] for edge in first["edges"] + second["edges"]] == [
        *("tea-4", "tea-3", "tea-2", "tea-1"),
    ]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert await found(status="OPEN") == ["tea-4"]
    assert await found(status="PAID") == ["tea-2"]
    assert await found(status="CLOSED") == ["tea-3"]
    assert await found(status="EXPIRED") == ["tea-1"]
    assert await found(reference="tea-2") == ["tea-2"]
    assert await found(reference="\0tea") == []
    assert await found(since=clock().isoformat()) == ["tea-4"]


async def test_a_person_says_for_which_merchant_they_look(app: Starlette, resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    shop = await factories.merchant(ada.person)
    await factories.order(shop, reference="tea")
    id = f"mer_{shop.id.hex}"

    listed = await ada.asker.data(LIST, merchant=id)

    assert [edge["node"]["reference"] for edge in listed["edges"]] == ["tea"]
    assert await ada.asker.code(LIST) == "NOT_FOUND"
    assert await bob.asker.code(LIST, merchant=id) == "NOT_FOUND"


async def test_a_closed_order_says_so(app: Starlette, clock: Clock) -> None:
    shop = await till(app)
    order = await shop.order()

    answer = await shop.asker.data(CLOSE, id=order["id"])

    assert answer["order"]["status"] == "CLOSED"


async def test_a_page_of_orders_costs_one_statement_per_list(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=50_000), await till(app)
    for number in range(1, 9):
        await pays(ada, (await shop.order(number))["number"], key=f"k-{number}")
    screen = """{ orders { edges { node { number merchant { name } payment {
        state captured { amountMinor } source { name } order { reference } } } } } }"""
    await shop.asker.data(screen)
    statements = listening()

    await shop.asker.data(screen)

    # The merchant, its orders, what was paid for them, and who stands on both sides.
    assert len(statements) == 4, statements


@pytest.mark.parametrize("words", [{"reference": "x" * 60_000}, {"description": "x" * 60_000}])
async def test_an_endless_word_is_answered_and_nothing_is_made(
    app: Starlette, words: dict[str, Any]
) -> None:
    shop: Till = await till(app)

    answer = await shop.asker.data(CREATE, input=wanted(**words))

    assert answer["code"] in {"REFERENCE_INVALID", "DESCRIPTION_INVALID"}
    assert not await Order.exists()
