"""Merchants' codes through the API: shown, scanned, paid, replaced."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from models.merchants import Merchant as MerchantRow
from models.merchants import MerchantStatus
from models.orders import Order
from schema import pictures
from tests.api import tills
from tests.api.conftest import Moving, Resident
from tests.api.test_receive_codes import code_of
from tests.api.tills import Till
from tests.domain.test_tlv import PUBLISHED, closed
from tests.moments import Clock

SHOWN: Final = """query ($id: ID!) { order(id: $id) { code { text link svg png } } }"""
CREATE: Final = """
mutation ($input: CreateMerchantCodeInput!) {
  createMerchantCode(input: $input) {
    __typename
    ... on MerchantCodeCreated { merchantCode { id currency store till replacedAt livemode
      code { text link } } }
    ... on Problem { code field }
  }
}
"""
REPLACE: Final = """
mutation ($input: ReplaceMerchantCodeInput!) {
  replaceMerchantCode(input: $input) {
    ... on MerchantCodeReplaced { merchantCode { id replacedAt code { text link } } }
  }
}
"""
READ: Final = """
query ($text: String!) {
  readCode(text: $text) {
    __typename
    ... on ScannedCode { payee { maskedName } }
    ... on ScannedOrder { order { number status reference amount { amountMinor }
      merchant { name } } }
    ... on ScannedMerchantCode { merchant { name number isAccepting } currency label }
    ... on Problem { code field message }
  }
}
"""
LISTED: Final = """
query ($first: Int!, $after: String) { merchantCodes(first: $first, after: $after) {
  edges { node { id till } } pageInfo { hasNextPage endCursor } } }
"""


async def shown(shop: Till, amount: int = 1_250, **words: Any) -> tuple[dict[str, Any], str]:
    """An order, and the text of its code."""
    order = await shop.order(amount, **words)
    answer = await shop.asker.data(SHOWN, id=order["id"])
    return order, answer["code"]["text"]


async def hung(shop: Till, **words: Any) -> dict[str, Any]:
    """A lasting code."""
    answer = await shop.asker.data(CREATE, input={"currency": "CNY", **words})
    assert answer["__typename"] == "MerchantCodeCreated", answer
    code: dict[str, Any] = answer["merchantCode"]
    return code


async def read(resident: Resident, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = await resident.asker.data(READ, text=text)
    return answer


def typed(payer: Resident, text: str, amount: int) -> dict[str, Any]:
    """The words of somebody who scanned a lasting code and typed an amount."""
    return {
        "walletId": payer.wallet_id,
        "order": {"code": text},
        "amount": {"amountMinor": amount, "currency": "CNY"},
    }


async def test_an_order_is_scanned_and_paid(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    order, text = await shown(shop)

    seen = await read(ada, text)
    wish = {"walletId": ada.wallet_id, "order": {"code": text}}
    prepared = await ada.asker.data(tills.PREPARE, input=wish)
    quoted = {"quoteId": prepared["quote"]["id"], "challengeId": prepared["challenge"]["id"]}
    paid = await tills.confirm(ada, quoted)

    assert seen == {
        "__typename": "ScannedOrder",
        "order": {
            "number": order["number"],
            "status": "OPEN",
            "reference": None,
            "amount": {"amountMinor": 1_250},
            "merchant": {"name": "Tea House"},
        },
    }
    assert paid["payment"]["state"] == "CAPTURED"
    assert (await read(ada, text))["order"]["status"] == "PAID"


async def test_the_pictures_and_the_link_say_the_same(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada"), await tills.till(app)
    order = await shop.order()

    code = (await shop.asker.data(SHOWN, id=order["id"]))["code"]

    assert code["link"] == f"http://localhost:8000/p/{order['number']}"
    assert base64.b64decode(code["png"]).startswith(b"\x89PNG")
    assert code["png"] == await pictures.qr_code_pixels(code["text"])
    assert re.findall(r"<script|<style|href|on\w+=", code["svg"]) == []
    assert "Tea House" in code["svg"]
    app_link = f"upay://p/{order['number']}"
    for text in (code["text"], code["link"], app_link):
        assert (await read(ada, text))["order"]["number"] == order["number"]


async def test_an_order_that_cannot_be_paid_has_no_code(app: Starlette, clock: Clock) -> None:
    shop = await tills.till(app)
    order = await shop.order(expiresInMinutes=1)

    clock.advance(minutes=1)

    assert (await shop.asker.data(SHOWN, id=order["id"]))["code"] is None


async def test_an_order_too_large_for_a_code_has_none(app: Starlette) -> None:
    shop = await tills.till(app)
    order = await shop.order(10**12)

    assert (await shop.asker.data(SHOWN, id=order["id"]))["code"] is None


async def test_a_customer_types_the_amount_at_a_lasting_code(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    code = await hung(shop, store="West Lake", till="3")

    seen = await read(ada, code["code"]["text"])
    linked = await read(ada, code["code"]["link"])
    prepared = await ada.asker.data(tills.PREPARE, input=typed(ada, code["code"]["text"], 700))
    quoted = {"quoteId": prepared["quote"]["id"], "challengeId": prepared["challenge"]["id"]}
    paid = await tills.confirm(ada, quoted)

    assert seen == linked
    assert seen == {
        "__typename": "ScannedMerchantCode",
        "merchant": {
            "name": "Tea House",
            "number": shop.merchant.number,
            "isAccepting": True,
        },
        "currency": "CNY",
        "label": "West Lake 3",
    }
    assert (paid["payment"]["state"], paid["payment"]["amount"]["amountMinor"]) == ("CAPTURED", 700)
    assert (await Order.get()).origin == "static_code"


async def test_two_prepared_at_once_do_not_pass_the_day_by_being_confirmed_both(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=200_000), await tills.till(app)
    text = (await hung(shop))["code"]["text"]
    quotes = [
        await ada.asker.data(tills.PREPARE, input=typed(ada, text, 30_000 + each))
        for each in range(2)
    ]

    said = [
        await tills.confirm(
            ada,
            {"quoteId": each["quote"]["id"], "challengeId": each["challenge"]["id"]},
            key=each["quote"]["id"],
        )
        for each in quotes
    ]
    third = await ada.asker.data(tills.PREPARE, input=typed(ada, text, 20_001))

    assert [each["__typename"] for each in said] == ["PaymentCompleted", "PaymentFailed"]
    assert said[1]["payment"]["failure"]["code"] == "LIMIT_QR_STATIC"
    assert third["code"] == "LIMIT_QR_STATIC"


async def test_replacing_voids_what_hangs_there(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    code = await hung(shop)
    clock.advance(minutes=1)

    fresh = await shop.asker.data(REPLACE, input={"codeId": code["id"]})

    for text in (code["code"]["text"], code["code"]["link"]):
        assert (await read(ada, text))["code"] == "QR_EXPIRED"
    assert fresh["merchantCode"]["id"] == code["id"]
    assert fresh["merchantCode"]["replacedAt"] is not None
    seen = await read(ada, fresh["merchantCode"]["code"]["text"])
    assert seen["__typename"] == "ScannedMerchantCode"


async def test_the_same_place_has_the_same_code_and_all_are_listed(app: Starlette) -> None:
    shop = await tills.till(app)
    made = [await hung(shop, till=str(each)) for each in range(3)]
    assert await hung(shop, till="1") == made[1]

    first = await shop.asker.data(LISTED, first=2)
    cursor = first["pageInfo"]["endCursor"]
    rest = await shop.asker.data(LISTED, first=2, after=cursor)

    listed = [edge["node"]["id"] for page in (first, rest) for edge in page["edges"]]
    assert sorted(listed) == sorted(each["id"] for each in made)
    assert [each["pageInfo"]["hasNextPage"] for each in (first, rest)] == [True, False]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"store": "x" * 26}, ("LABEL_INVALID", "store")),
        ({"till": "x" * 61_440}, ("LABEL_INVALID", "till")),
        ({"till": "a\u202eb"}, ("LABEL_INVALID", "till")),
    ],
)
async def test_a_label_that_cannot_be_is_named(
    app: Starlette, words: dict[str, str], problem: tuple[str, str]
) -> None:
    shop = await tills.till(app)

    answer = await shop.asker.data(CREATE, input={"currency": "CNY", **words})

    assert (answer["code"], *answer["field"]) == problem


async def test_a_persons_code_is_read_as_one(app: Starlette, resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob", display_name="Bob Marley")
    text = (await code_of(bob))["text"]

    seen, own = await read(ada, text), await read(bob, text)

    assert seen["__typename"] == "ScannedCode"
    assert seen["payee"]["maskedName"] == "B** M*****"
    assert own["code"] == "SELF_PAYMENT"


async def test_what_is_no_code_of_ours_is_told_apart(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada"), await tills.till(app)
    _, text = await shown(shop)
    other = "https://evil.example/p/4000001234567899"
    unknown = "http://localhost:8000/p/4000001234567899"

    said = {
        name: (await read(ada, scanned))["code"]
        for name, scanned in {
            "altered": closed(text[:-8].replace("540512.50", "540592.50")),
            "foreign": PUBLISHED,
            "nothing": "",
            "huge": "0" * 61_440,
            "half": text[:-1],
            "other host": other,
            "unknown": unknown,
        }.items()
    }

    assert said == {
        "altered": "QR_TAMPERED",
        "foreign": "QR_FOREIGN",
        "nothing": "QR_INVALID",
        "huge": "QR_INVALID",
        "half": "QR_INVALID",
        "other host": "QR_INVALID",
        "unknown": "ORDER_NOT_FOUND",
    }


async def test_codes_of_persons_and_merchants_are_not_paid_as_each_other(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=5_000), await resident("bob")
    shop = await tills.till(app)
    _, text = await shown(shop)
    persons = (await code_of(bob))["text"]

    paying = {"walletId": ada.wallet_id, "order": {"code": persons}}
    as_merchant = await ada.asker.data(tills.PREPARE, input=paying)
    scanned = await ada.asker.data(
        "query ($text: String!) { scannedCode(text: $text) { ... on Problem { code } } }",
        text=text,
    )

    assert as_merchant["code"] == scanned["code"] == "QR_OF_ANOTHER_KIND"


async def test_a_code_of_a_paused_merchant_is_read_and_not_paid(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    text = (await hung(shop))["code"]["text"]
    await MerchantRow.filter(id=shop.merchant.id).update(status=MerchantStatus.PAUSED)

    seen = await read(ada, text)
    refused = await ada.asker.data(tills.PREPARE, input=typed(ada, text, 700))

    assert seen["merchant"]["isAccepting"] is False
    assert refused["code"] == "MERCHANT_UNAVAILABLE"
    assert await Order.filter(status="paid").count() == 0
