"""Payments that were authorised and came to nothing, as their payer reads of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from domain import payments, risk
from domain.risk import Outcome
from models.payments import Payment
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.api.tills import listening, pays, till
from tests.domain import risks
from tests.domain.shopping import OVER
from tests.moments import NOON

MOVEMENT: Final = "query ($id: ID!) { movement(id: $id) { status notice { code detail } } }"
PAYMENT: Final = "query ($id: ID!) { payment(id: $id) { status notice { code } } }"
HISTORY: Final = (
    """{ me { wallets { movements { edges { node { status notice { code } } } } } } }"""
)
ANSWER: Final = """mutation ($id: ID!) { answerInquiry(input: { inquiryId: $id, wasMe: false }) {
    __typename } }"""


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    yield
    risk.install(None)


async def seen(payer: Resident, payment: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await payer.asker.data(MOVEMENT, id=payment["id"])
    return answer


async def test_whoever_was_not_accepted_reads_so_and_the_merchant_does_not(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"])
    before = await seen(ada, payment)

    await shop.voids(payment["id"])

    after = await seen(ada, payment)
    assert (before["status"], before["notice"]) == ("PENDING", None)
    assert after["status"] == "CANCELLED"
    assert after["notice"] == {
        "code": "MERCHANT_REJECTED",
        "detail": "The merchant did not accept this payment. You can use the money again.",
    }
    theirs = await shop.asker.data(PAYMENT, id=payment["id"])
    assert theirs == {"status": "CANCELLED", "notice": None}


async def test_what_was_not_captured_in_time_was_not_accepted(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"])

    await payments.expire((await Payment.get()).movement_id, OVER)

    after = await seen(ada, payment)
    assert (after["status"], after["notice"]["code"]) == ("CANCELLED", "MERCHANT_REJECTED")


async def test_what_was_captured_in_part_was_accepted(app: Starlette, resident: Moving) -> None:
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"])
    part = {"amountMinor": 1, "currency": "CNY"}
    await shop.captures(payment["id"], amount=part, isFinal=False)

    await shop.voids(payment["id"])

    assert await seen(ada, payment) == {"status": "COMPLETED", "notice": None}


@pytest.mark.parametrize("outcome", [Outcome.ALLOW, Outcome.REVIEW])
async def test_no_merchant_is_blamed_for_what_its_payer_never_made(
    app: Starlette, resident: Moving, outcome: Outcome
) -> None:
    risks.install(risks.rule(outcome=outcome, ask=True))
    ada, shop = await resident("ada", holds=5_000), await till(app)
    opened = await factories.session(ada.person, Audience.PUBLIC, NOON)
    hers = Asker(app, token=opened.tokens.access)
    payment = await pays(ada, (await shop.order(capture="LATER"))["number"])
    [asked] = (await hers.data("{ me { inquiries { edges { node { id } } } } }"))["inquiries"][
        "edges"
    ]

    await hers.data(ANSWER, id=asked["node"]["id"])

    after = await hers.data(MOVEMENT, id=payment["id"])
    assert after == {"status": "CANCELLED", "notice": None}


async def test_a_page_of_rejected_payments_costs_one_statement_for_all_of_them(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=50_000), await till(app)
    for number in range(1, 6):
        order = await shop.order(number, capture="LATER")
        payment = await pays(ada, order["number"], key=f"k-{number}")
        await shop.voids(payment["id"], key=f"v-{number}")
    await ada.asker.data(HISTORY)
    statements = listening()

    shown = await ada.asker.data(HISTORY)

    # me, wallets, movements, who stands on both sides, and the payments.
    assert len(statements) == 5, statements
    edges = shown["wallets"][0]["movements"]["edges"]
    notices = [edge["node"]["notice"] for edge in edges]
    assert notices == [{"code": "MERCHANT_REJECTED"}] * 5 + [None]
