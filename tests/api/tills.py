"""A merchant's program and its customers, as they ask the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from domain.merchants import Scope
from models.database import client
from models.merchants import Merchant
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import PIN, Resident

CREATE = """
mutation ($input: CreateOrderInput!) {
  createOrder(input: $input) {
    __typename
    ... on OrderCreated { order { ...seen } }
    ... on ReferenceReused { orderNumber }
    ... on Problem { code field message nextStep retry }
  }
}
fragment seen on Order {
  id number reference description status capture origin expiresAt
  amount { amountMinor currency } merchant { name number isAccepting }
}
"""
PREPARE = """
mutation ($input: PreparePaymentInput!) {
  preparePayment(input: $input) {
    __typename
    ... on PaymentPrepared {
      quote {
        id isNewMerchant isReviewed amount { amountMinor } fee { amountMinor }
        total { amountMinor } merchant { name } order { number description reference status }
      }
      challenge { id methods }
    }
    ... on AmountMismatch { expected { amountMinor } }
    ... on OrderAlreadyPaid { payment { id } }
    ... on Problem { code field message nextStep retry }
  }
}
"""
CONFIRM = """
mutation ($input: ConfirmPaymentInput!) {
  confirmPayment(input: $input) {
    __typename
    ... on PaymentCompleted { payment { ...seen } }
    ... on PaymentAuthorized { payment { ...seen } }
    ... on PaymentPending { payment { ...seen } }
    ... on PaymentFailed { payment { ...seen } }
    ... on PaymentVoided { payment { ...seen } }
    ... on Problem { code field message nextStep retry }
  }
}
fragment seen on MerchantPayment {
  id status state direction counterparty { name kind } amount { amountMinor }
  captured { amountMinor } captureBefore allowedActions failure { code title }
  order { number reference status } paymentHeadSeq
}
"""
CAPTURE = """
mutation ($input: CapturePaymentInput!) {
  capturePayment(input: $input) {
    __typename
    ... on PaymentCaptured { payment { state captured { amountMinor } voided { amountMinor } } }
    ... on CaptureExceeds { capturable { amountMinor } }
    ... on NothingToCapture { state }
    ... on Problem { code field }
  }
}
"""
VOID = """
mutation ($input: VoidPaymentInput!) {
  voidPayment(input: $input) {
    __typename
    ... on PaymentVoided { payment { state voided { amountMinor } order { status } } }
    ... on NothingToVoid { state }
    ... on Problem { code field }
  }
}
"""


@dataclass(frozen=True)
class Till:
    """A merchant's program, which shows a key."""

    merchant: Merchant
    asker: Asker
    token: str

    @property
    def merchant_id(self) -> str:
        return f"mer_{self.merchant.id.hex}"

    async def order(self, amount: int = 1_250, **words: Any) -> dict[str, Any]:
        """An order that the program made."""
        answer = await self.asker.data(CREATE, input=wanted(amount, **words))
        assert answer["__typename"] == "OrderCreated", answer
        order: dict[str, Any] = answer["order"]
        return order

    async def captures(self, payment_id: str, key: str = "c-1", **words: Any) -> dict[str, Any]:
        said = {"paymentId": payment_id, "idempotencyKey": key, **words}
        answer: dict[str, Any] = await self.asker.data(CAPTURE, input=said)
        return answer

    async def voids(self, payment_id: str, key: str = "v-1") -> dict[str, Any]:
        said = {"paymentId": payment_id, "idempotencyKey": key}
        answer: dict[str, Any] = await self.asker.data(VOID, input=said)
        return answer


async def till(app: Starlette, *scopes: Scope) -> Till:
    """The program of a tea house whose owner is no customer of it."""
    shop = await factories.merchant(await factories.person("mei"))
    token = await factories.key(shop, *scopes)
    return Till(shop, Asker(app, token=token), token)


def wanted(amount: int = 1_250, **words: Any) -> dict[str, Any]:
    """The words of an order."""
    return {
        "amount": {"amountMinor": amount, "currency": "CNY"},
        "reference": f"tea-{amount}",
        "description": "Tea for two",
        **words,
    }


def wish(payer: Resident, number: str, **words: Any) -> dict[str, Any]:
    """The words of whoever wants to pay an order."""
    return {"walletId": payer.wallet_id, "order": {"number": number}, **words}


async def prepared(payer: Resident, number: str, **words: Any) -> dict[str, str]:
    answer = await payer.asker.data(PREPARE, input=wish(payer, number, **words))
    assert answer["__typename"] == "PaymentPrepared", answer
    return {"quoteId": answer["quote"]["id"], "challengeId": answer["challenge"]["id"]}


async def confirm(payer: Resident, quoted: dict[str, str], key: str = "pay-1") -> dict[str, Any]:
    words = {**quoted, "proof": {"pin": PIN}, "idempotencyKey": key}
    answer: dict[str, Any] = await payer.asker.data(CONFIRM, input=words)
    return answer


async def pays(payer: Resident, number: str, key: str = "pay-1") -> dict[str, Any]:
    """The payment of an order, as its payer sees it."""
    answer = await confirm(payer, await prepared(payer, number), key)
    assert "payment" in answer, answer
    payment: dict[str, Any] = answer["payment"]
    return payment


def listening() -> list[str]:
    """What the database will have been asked from here on."""
    heard: list[str] = []
    for holder in client().pool._holders:
        if holder._con is not None:
            holder._con.add_query_logger(lambda query: heard.append(query.query))
    return heard
