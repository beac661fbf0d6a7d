"""How the codes of merchants' QR codes and of customers' payment codes come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain.payment_codes import guards
from models.ids import new_id
from models.merchant_codes import MerchantCode
from models.orders import Order, OrderOrigin
from models.payment_codes import CodeGuard
from tests.api import tills
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Said, Scenario, Scenarios, Stage, failure, problem
from tests.api.test_receive_codes import code_of
from tests.api.tills import Till


def hanging(**words: Any) -> Scenario:
    """A program makes a lasting code that cannot be."""

    async def scenario(stage: Stage) -> Act:
        shop = await tills.till(stage.app)
        words_of_all = {"currency": "CNY", **words}
        return partial(problem, shop.asker, "createMerchantCode", words_of_all)

    return scenario


async def too_many_codes(stage: Stage) -> Act:
    shop = await tills.till(stage.app)
    rows = [
        MerchantCode(
            id=new_id(),
            merchant_id=shop.merchant.id,
            currency="CNY",
            store="",
            till=str(each),
            token="".join("ABCDEFGHIJ"[int(digit)] for digit in f"{each:016}"),
            created_at=stage.clock(),
            made_at=stage.clock(),
        )
        for each in range(500)
    ]
    await MerchantCode.bulk_create(rows)
    words = {"currency": "CNY", "till": "one more"}
    return partial(problem, shop.asker, "createMerchantCode", words)


async def qr_of_another_kind(stage: Stage) -> Act:
    ada, bob = await stage.two()
    text = (await code_of(bob))["text"]
    words = {"walletId": ada.wallet_id, "order": {"code": text}}
    return partial(problem, ada.asker, "preparePayment", words)


async def typed_too_much(stage: Stage) -> Act:
    ada, text = await stage.resident("ada", holds=90_000), await lasting(stage)
    amount = {"amountMinor": 50_001, "currency": "CNY"}
    words = {"walletId": ada.wallet_id, "order": {"code": text}, "amount": amount}
    return partial(problem, ada.asker, "preparePayment", words)


async def paid_too_much_meanwhile(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada", holds=90_000), await tills.till(stage.app)
    first, second = await shop.order(30_000), await shop.order(20_001)
    await Order.all().update(origin=OrderOrigin.STATIC_CODE)
    quoted = await tills.prepared(ada, first["number"])
    await tills.pays(ada, second["number"], key="before")

    async def act() -> Said:
        answer = await tills.confirm(ada, quoted)
        return await failure(ada.asker, answer["payment"]["id"])

    return act


async def lasting(stage: Stage) -> str:
    """The text of a tea house's lasting code."""
    shop = await tills.till(stage.app)
    document = """mutation { createMerchantCode(input: { currency: CNY }) {
        ... on MerchantCodeCreated { merchantCode { code { text } } } } }"""
    answer = await shop.asker.data(document)
    text: str = answer["merchantCode"]["code"]["text"]
    return text


async def shown(payer: Resident) -> str:
    """The digits of a payment code that somebody shows."""
    document = """mutation ($input: IssuePaymentCodeInput!) { issuePaymentCode(input: $input) {
        ... on PaymentCodeIssued { digits } } }"""
    answer = await payer.asker.data(document, input={"walletId": payer.wallet_id})
    digits: str = answer["digits"]
    return digits


def charge(digits: str) -> dict[str, Any]:
    """The words of a merchant who scanned a code."""
    return {**tills.wanted(), "code": digits, "idempotencyKey": "c-1"}


async def code_unusable(stage: Stage) -> Act:
    shop = await tills.till(stage.app)
    return partial(problem, shop.asker, "chargePaymentCode", charge("280000000000000008"))


async def tries_exhausted(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada"), await tills.till(stage.app)
    digits = await shown(ada)
    await CodeGuard.create(
        merchant_id=shop.merchant.id,
        wrong_tries=guards.MAX_WRONG_TRIES,
        began_at=stage.clock(),
    )
    return partial(problem, shop.asker, "chargePaymentCode", charge(digits))


async def user_paying(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada"), await tills.till(stage.app)
    digits = await shown(ada)
    return partial(problem, shop.asker, "chargePaymentCode", charge(digits))


async def user_cancelled(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada"), await tills.till(stage.app)
    document = """mutation ($input: IssuePaymentCodeInput!) { issuePaymentCode(input: $input) {
        ... on PaymentCodeIssued { digits paymentCode { id } } } }"""
    issued = await ada.asker.data(document, input={"walletId": ada.wallet_id})
    await charged(shop, issued["digits"])
    declining = """mutation ($input: DeclinePaymentCodeInput!) {
        declinePaymentCode(input: $input) { __typename } }"""
    await ada.asker.data(declining, input={"codeId": issued["paymentCode"]["id"]})
    return partial(problem, shop.asker, "chargePaymentCode", charge(issued["digits"]))


async def charged(shop: Till, digits: str) -> None:
    """A code scanned, whatever comes of it."""
    document = """mutation ($input: ChargePaymentCodeInput!) {
        chargePaymentCode(input: $input) { __typename } }"""
    await shop.asker.data(document, input=charge(digits))


PROBLEMS: Final[Scenarios] = {
    "QR_OF_ANOTHER_KIND": qr_of_another_kind,
    "LABEL_INVALID": hanging(till="x" * 26),
    "TOO_MANY_MERCHANT_CODES": too_many_codes,
    "LIMIT_QR_STATIC": typed_too_much,
    "PAYMENT_CODE_UNUSABLE": code_unusable,
    "PAYMENT_CODE_TRIES_EXHAUSTED": tries_exhausted,
    "USER_PAYING": user_paying,
    "USER_CANCELLED": user_cancelled,
}
FAILURES: Final[Scenarios] = {"LIMIT_QR_STATIC": paid_too_much_meanwhile}
