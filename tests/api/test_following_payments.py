"""A payment followed live by its payer and by the merchant's program, each as they may see it."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from domain.merchants import api_keys
from models.merchants import ApiKey, MemberRole
from models.people import Person
from tests import factories
from tests.api.clients import Listener, served
from tests.api.conftest import Moving
from tests.api.tills import pays, till
from tests.domain.registers import identity_of
from tests.moments import NOON

FOLLOW = """
subscription ($id: ID!, $after: Sequence, $merchant: ID) {
  paymentUpdated(id: $id, after: $after, merchantId: $merchant) {
    __typename
    ... on PaymentChanged { seq status payment {
        state captured { amountMinor } source { name } order { reference } } }
    ... on StreamReset { head }
  }
}
"""


async def test_a_payment_is_followed_by_its_payer_and_by_the_merchants_program(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(1_000, capture="LATER"))["number"])
    part: dict[str, Any] = {"amount": {"amountMinor": 300, "currency": "CNY"}, "isFinal": False}

    async with (
        served(app) as address,
        Listener.open(address, ada.tokens.access, FOLLOW, id=payment["id"], after=0) as hers,
        Listener.open(address, shop.token, FOLLOW, id=payment["id"], after=0) as theirs,
    ):
        seen = [(await hers.event(), await theirs.event())]
        await shop.captures(payment["id"], **part)
        seen.append((await hers.event(), await theirs.event()))
        await shop.voids(payment["id"])
        seen.append((await hers.event(), await theirs.event()))

    assert [her["seq"] for her, _ in seen] == [their["seq"] for _, their in seen] == [1, 2, 3]
    assert [her["payment"]["state"] for her, _ in seen] == [
        *("AUTHORIZED", "PARTIALLY_CAPTURED", "CAPTURED"),
    ]
    assert {her["payment"]["order"]["reference"] for her, _ in seen} == {None}
    assert {their["payment"]["order"]["reference"] for _, their in seen} == {"tea-1000"}
    assert {their["payment"]["source"]["name"] for _, their in seen} == {"A**"}


async def test_who_follows_hears_no_more_once_the_key_is_revoked(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(1_000, capture="LATER"))["number"])
    key = await ApiKey.get()
    mei = await identity_of(await Person.get(id=shop.merchant.owner_id))

    async with (
        served(app) as address,
        Listener.open(address, shop.token, FOLLOW, id=payment["id"], after=0) as theirs,
    ):
        await theirs.event()
        await api_keys.revoke(by=mei, key_id=key.id, now=NOON)
        last = await theirs.message()

    assert last["type"] in {"error", "complete", "next"}
    assert "PaymentChanged" not in str(last)


async def test_whoever_left_the_merchant_follows_no_further(
    app: Starlette, resident: Moving
) -> None:
    ada, lin = await resident("ada", holds=5_000), await resident("lin")
    shop = await till(app)
    member = await factories.member(shop.merchant, lin.person, MemberRole.CASHIER)
    payment = await pays(ada, (await shop.order(1_000, capture="LATER"))["number"])
    words = {"id": payment["id"], "after": 0, "merchant": shop.merchant_id}

    async with (
        served(app) as address,
        Listener.open(address, lin.tokens.access, FOLLOW, **words) as theirs,
    ):
        await theirs.event()
        await member.delete()
        await shop.captures(payment["id"])
        last = await theirs.message()

    assert "PaymentChanged" not in str(last)
    assert "NOT_FOUND" in str(last)


async def test_what_cannot_be_replayed_is_reset(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order())["number"])

    async with (
        served(app) as address,
        Listener.open(address, shop.token, FOLLOW, id=payment["id"], after=99) as theirs,
    ):
        event = await theirs.event()

    assert event == {"__typename": "StreamReset", "head": 1}
