"""Payment codes through the API: a customer shows one, a merchant's program charges it."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final
from xml.etree import ElementTree

from starlette.applications import Starlette

from tests.api import tills
from tests.api.clients import Listener, served
from tests.api.conftest import PIN, Moving, Resident
from tests.api.tills import Till
from tests.moments import Clock

ISSUE: Final = """
mutation ($input: IssuePaymentCodeInput!) {
  issuePaymentCode(input: $input) {
    __typename
    ... on PaymentCodeIssued { digits svg paymentCode { id status expiresAt headSeq livemode } }
    ... on Problem { code }
  }
}
"""
CHARGE: Final = """
mutation ($input: ChargePaymentCodeInput!) {
  chargePaymentCode(input: $input) {
    __typename
    ... on PaymentCodeCharged { payment { id state amount { amountMinor } counterparty { name }
      order { reference origin status } } }
    ... on UserPaying { order { number reference status } }
    ... on UserCancelled { order { reference status } }
    ... on PaymentCodeTriesExhausted { until }
    ... on Problem { code field message nextStep retry }
  }
}
"""
SEEN: Final = """
query ($id: ID!) { paymentCode(id: $id) { status headSeq
  order { number reference amount { amountMinor } merchant { name } payment { id } } } }
"""
DECLINE: Final = """
mutation ($input: DeclinePaymentCodeInput!) {
  declinePaymentCode(input: $input) {
    __typename
    ... on PaymentCodeDeclined { paymentCode { status } }
    ... on OrderAlreadyPaid { payment { id } }
    ... on Problem { code field }
  }
}
"""
ALLOW: Final = """
mutation ($input: SetCodePaymentsInput!) {
  setCodePayments(input: $input) {
    __typename
    ... on CodePaymentsSet { codePayments { isEnabled paymentsPerDay } }
    ... on Problem { code }
  }
}
"""
PROVE: Final = """
mutation ($input: ProveIdentityInput!) { proveIdentity(input: $input) { __typename } }
"""
FOLLOW: Final = """
subscription ($id: ID!, $after: Sequence) {
  paymentCodeUpdated(id: $id, after: $after) {
    __typename
    ... on PaymentCodeChanged { seq paymentCode { status order { number } } }
  }
}
"""


async def issued(payer: Resident) -> dict[str, Any]:
    answer = await payer.asker.data(ISSUE, input={"walletId": payer.wallet_id})
    assert answer["__typename"] == "PaymentCodeIssued", answer
    shown: dict[str, Any] = answer
    return shown


async def charged(shop: Till, digits: str, /, **words: Any) -> dict[str, Any]:
    said = {**tills.wanted(), "code": digits, "idempotencyKey": "c-1", **words}
    answer: dict[str, Any] = await shop.asker.data(CHARGE, input=said)
    return answer


async def allows(payer: Resident) -> dict[str, Any]:
    await payer.asker.data(PROVE, input={"proof": {"pin": PIN}})
    answer: dict[str, Any] = await payer.asker.data(ALLOW, input={"isEnabled": True})
    return answer


async def seen(payer: Resident, code: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await payer.asker.data(SEEN, id=code["paymentCode"]["id"])
    return answer


async def test_a_code_is_shown_as_digits_and_a_picture(resident: Moving) -> None:
    ada = await resident("ada")

    shown = await issued(ada)

    assert re.fullmatch("28[0-9]{16}", shown["digits"])
    assert ElementTree.fromstring(shown["svg"]).tag.endswith("svg")  # noqa: S314 - our own picture
    assert shown["paymentCode"] == {
        "id": shown["paymentCode"]["id"],
        "status": "SHOWN",
        "expiresAt": "2026-03-02T12:01:30+00:00",
        "headSeq": 0,
        "livemode": False,
    }


async def test_a_customer_is_asked_and_confirms_as_any_payment(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    shown = await issued(ada)

    waiting = await charged(shop, shown["digits"])
    asked = await seen(ada, shown)
    paid = await tills.pays(ada, asked["order"]["number"])
    again = await charged(shop, shown["digits"])

    assert (waiting["code"], waiting["retry"]) == ("USER_PAYING", "SAME_KEY_LATER")
    assert waiting["order"]["reference"] == "tea-1250"
    assert (asked["status"], asked["order"]["reference"]) == ("WAITING", None)
    assert asked["order"]["amount"]["amountMinor"] == 1_250
    assert again["__typename"] == "PaymentCodeCharged"
    assert again["payment"]["id"] == paid["id"]
    ended = await seen(ada, shown)
    assert (ended["status"], ended["order"]["payment"]["id"]) == ("PAID", paid["id"])


async def test_a_small_sum_is_paid_at_once_once_that_is_allowed(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada", holds=5_000, display_name="Ada Lovelace")
    shop = await tills.till(app)

    refused = await ada.asker.data(ALLOW, input={"isEnabled": True})
    allowed = await allows(ada)
    shown = await issued(ada)
    paid = await charged(shop, shown["digits"])

    assert refused["code"] == "PROOF_NEEDED"
    assert allowed["codePayments"] == {"isEnabled": True, "paymentsPerDay": 10}
    assert paid["payment"]["state"] == "CAPTURED"
    assert paid["payment"]["counterparty"]["name"] == "A** L*******"
    assert paid["payment"]["order"] == {
        "reference": "tea-1250",
        "origin": "PAYMENT_CODE",
        "status": "PAID",
    }
    assert (await seen(ada, shown))["status"] == "PAID"


async def test_the_customers_session_hears_what_was_scanned(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    shown = await issued(ada)

    code_id = shown["paymentCode"]["id"]
    async with (
        served(app) as address,
        Listener.open(address, ada.tokens.access, FOLLOW, id=code_id, after=0) as listener,
    ):
        await charged(shop, shown["digits"])
        first = await listener.event()
        await ada.asker.data(DECLINE, input={"codeId": code_id})
        second = await listener.event()

    told = [first, second]
    assert [(each["seq"], each["paymentCode"]["status"]) for each in told] == [
        (1, "WAITING"),
        (2, "DECLINED"),
    ]


async def test_a_customer_declines_and_the_merchant_is_told(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    shown = await issued(ada)
    await charged(shop, shown["digits"])

    declined = await ada.asker.data(DECLINE, input={"codeId": shown["paymentCode"]["id"]})
    told = await charged(shop, shown["digits"])

    assert declined["paymentCode"]["status"] == "DECLINED"
    assert (told["code"], told["order"]["status"]) == ("USER_CANCELLED", "CLOSED")


async def test_what_was_paid_is_not_declined(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    await allows(ada)
    shown = await issued(ada)
    paid = await charged(shop, shown["digits"])

    answer = await ada.asker.data(DECLINE, input={"codeId": shown["paymentCode"]["id"]})

    assert (answer["code"], answer["field"]) == ("ORDER_PAID", ["codeId"])
    assert answer["payment"]["id"] == paid["payment"]["id"]


async def test_an_order_that_nobody_confirmed_is_over_for_both(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    shown = await issued(ada)
    await charged(shop, shown["digits"])

    clock.advance(minutes=5)

    assert (await charged(shop, shown["digits"]))["code"] == "ORDER_EXPIRED"
    assert (await seen(ada, shown))["status"] == "EXPIRED"


async def test_one_code_at_two_tills_at_once_is_charged_once(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    await allows(ada)
    shown = await issued(ada)

    said = await asyncio.gather(
        *(
            charged(shop, shown["digits"], reference=f"r-{each}", idempotencyKey=f"c-{each}")
            for each in range(4)
        )
    )

    codes = sorted(each.get("code", "paid") for each in said)
    assert codes == ["PAYMENT_CODE_UNUSABLE"] * 3 + ["paid"]


async def test_what_cannot_be_charged_says_which_input_it_was(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await tills.till(app)
    digits = (await issued(ada))["digits"]
    yen = {"amount": {"amountMinor": 5, "currency": "JPY"}}
    huge = "9" * 61_440
    tries: dict[str, tuple[str, dict[str, Any]]] = {
        "no code": ("280000000000000008", {}),
        "huge": (huge, {}),
        "yen": (digits, yen),
        "reference": (digits, {"reference": huge}),
        "description": (digits, {"description": huge}),
        "key": (digits, {"idempotencyKey": huge}),
    }

    said = {name: await charged(shop, code, **words) for name, (code, words) in tries.items()}

    assert {name: (each["code"], each["field"]) for name, each in said.items()} == {
        "no code": ("PAYMENT_CODE_UNUSABLE", ["code"]),
        "huge": ("PAYMENT_CODE_UNUSABLE", ["code"]),
        "yen": ("CURRENCY_MISMATCH", ["amount", "currency"]),
        "reference": ("REFERENCE_INVALID", ["reference"]),
        "description": ("DESCRIPTION_INVALID", ["description"]),
        "key": ("KEY_INVALID", ["idempotencyKey"]),
    }
    assert (await charged(shop, digits))["code"] == "USER_PAYING"
