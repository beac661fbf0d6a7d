"""Giving money back over the API, as the merchant, its customer and the desk see it."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette

from domain import refunds
from domain.merchants import Actor, Scope
from models.merchants import MemberRole
from models.movements import Movement, MovementKind
from models.people import Role
from models.refunds import Refund, RefundReason
from models.sessions import Audience
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker, Listener, served
from tests.api.conftest import Moving, Resident
from tests.api.tills import Till, listening, pays, till
from tests.moments import NOON

SEEN = """
fragment seen on PaymentRefund {
  id status reason origin note answer amount { amountMinor currency } settledAt allowedActions
  failure { code detail } steps { status by at } movement { id } livemode
  payment { id state refundable { amountMinor } }
}
"""
REFUND = (
    """
mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on RefundCompleted { refund { ...seen } }
    ... on RefundPending { refund { ...seen } }
    ... on RefundFailed { refund { ...seen } }
    ... on RefundExceeds { refundable { amountMinor } }
    ... on Problem { code field }
  }
}
"""
    + SEEN
)
REQUEST = (
    """
mutation ($input: RequestRefundInput!) {
  requestRefund(input: $input) {
    __typename
    ... on RefundRequested { refund { ...seen } }
    ... on RefundAlreadyRequested { refundId }
    ... on Problem { code field }
  }
}
"""
    + SEEN
)
REJECT = """
mutation ($input: RejectRefundInput!) {
  rejectRefund(input: $input) {
    __typename ... on RefundRejected { refund { status answer } }
    ... on RefundDecided { status } ... on Problem { code field }
  }
}
"""
APPROVE = """
mutation ($input: ApproveRefundInput!) {
  approveRefund(input: $input) {
    __typename ... on RefundCompleted { refund { status } }
    ... on RefundDecided { status } ... on Problem { code field }
  }
}
"""
RETRY = """
mutation ($input: RetryRefundInput!) {
  retryRefund(input: $input) {
    __typename ... on RefundCompleted { refund { id status steps { status } } }
    ... on RefundFailed { refund { id status } } ... on Problem { code }
  }
}
"""
WITHDRAW = """
mutation ($input: WithdrawRefundRequestInput!) {
  withdrawRefundRequest(input: $input) {
    __typename ... on RefundRequestWithdrawn { refund { status steps { status by } } }
  }
}
"""
HISTORY = """
query ($id: ID!) { wallet(id: $id) { movements(filter: { kinds: [REFUND] }) { edges { node {
  id direction status counterparty { name } amount { amountMinor }
  ... on Refund { refund { id status note payment { id } } }
} } } } }
"""
FAILED = """query ($id: ID!) { refund(id: $id) {
    status allowedActions failure { code detail nextStep } } }"""


async def bought(resident: Moving, app: Starlette) -> tuple[Resident, Till, str]:
    """Ada, the tea house's program, and the payment of 1000 that she made."""
    ada, shop = await resident("ada", holds=5_000), await till(app)
    payment = await pays(ada, (await shop.order(1_000))["number"])
    return ada, shop, payment["id"]


def words(payment_id: str, amount: int | None = None, **more: Any) -> dict[str, Any]:
    """What is said to give money back, or to ask for it."""
    said = {"paymentId": payment_id, "reason": "NOT_RECEIVED", **more}
    if amount is not None:
        said["amount"] = {"amountMinor": amount, "currency": "CNY"}
    return said


async def refunded(shop: Till, payment_id: str, amount: int | None = None, **more: Any) -> Any:
    said = {"idempotencyKey": "r-1", **words(payment_id, amount, **more)}
    return await shop.asker.data(REFUND, input=said)


async def test_a_program_gives_money_back_and_the_customer_finds_it_in_their_history(
    app: Starlette, resident: Moving
) -> None:
    ada, shop, payment_id = await bought(resident, app)

    answer = await refunded(shop, payment_id, 300, note="Out of cakes")
    again = await refunded(shop, payment_id, 300, note="Out of cakes")
    history = await ada.asker.data(HISTORY, id=ada.wallet_id)

    assert answer == again
    refund = answer["refund"]
    assert answer["__typename"] == "RefundCompleted"
    assert (refund["status"], refund["reason"], refund["origin"]) == (
        *("SUCCEEDED", "NOT_RECEIVED", "MERCHANT"),
    )
    assert refund["steps"] == [{"status": "SUCCEEDED", "by": "MERCHANT", "at": refund["settledAt"]}]
    assert refund["payment"] == {
        "id": payment_id,
        "state": "PARTIALLY_REFUNDED",
        "refundable": {"amountMinor": 700},
    }
    [edge] = history["movements"]["edges"]
    assert edge["node"] == {
        "id": refund["movement"]["id"],
        "direction": "IN",
        "status": "COMPLETED",
        "counterparty": {"name": "Tea House"},
        "amount": {"amountMinor": 300},
        "refund": {
            "id": refund["id"],
            "status": "SUCCEEDED",
            "note": "Out of cakes",
            "payment": {"id": payment_id},
        },
    }


async def test_more_than_is_left_is_a_problem_that_says_how_much_is(
    app: Starlette, resident: Moving
) -> None:
    _, shop, payment_id = await bought(resident, app)

    answer = await refunded(shop, payment_id, 1_001)

    assert answer == {
        "__typename": "RefundExceeds",
        "refundable": {"amountMinor": 1_000},
        "code": "REFUND_EXCEEDS",
        "field": None,
    }
    assert await Movement.filter(kind=MovementKind.REFUND).count() == 0


async def test_both_sides_hear_of_each_step_while_it_happens(
    app: Starlette, resident: Moving
) -> None:
    ada, shop, payment_id = await bought(resident, app)
    follow = """subscription ($id: ID!) { paymentUpdated(id: $id, after: 1) { __typename
        ... on PaymentChanged { seq status payment { state refunds { status } } } } }"""

    async with (
        served(app) as address,
        Listener.open(address, ada.tokens.access, follow, id=payment_id) as hers,
        Listener.open(address, shop.token, follow, id=payment_id) as theirs,
    ):
        asked = await ada.asker.data(REQUEST, input=words(payment_id, 1_000))
        first = [await hers.event(), await theirs.event()]
        said = {"refundId": asked["refund"]["id"], "idempotencyKey": "yes"}
        await shop.asker.data(APPROVE, input=said)
        second = [await hers.event(), await theirs.event()]

    assert first[0] == first[1]
    assert (first[0]["seq"], first[0]["status"]) == (2, "COMPLETED")
    assert first[0]["payment"] == {"state": "CAPTURED", "refunds": [{"status": "REQUESTED"}]}
    assert second[0] == second[1]
    assert second[0]["payment"] == {"state": "REFUNDED", "refunds": [{"status": "SUCCEEDED"}]}


async def test_a_customer_asks_the_merchant_says_no_and_the_customer_reads_why(
    app: Starlette, resident: Moving
) -> None:
    ada, shop, payment_id = await bought(resident, app)

    asked = await ada.asker.data(REQUEST, input=words(payment_id, note="It never came"))
    twice = await ada.asker.data(REQUEST, input=words(payment_id))
    open_ones = await shop.asker.data(
        "{ refunds(status: REQUESTED) { edges { node { id note origin allowedActions } } } }"
    )
    refund_id = asked["refund"]["id"]
    no = {"refundId": refund_id, "note": "It was signed for"}
    rejected = await shop.asker.data(REJECT, input=no)
    late = await shop.asker.data(APPROVE, input={"refundId": refund_id, "idempotencyKey": "k"})
    seen = await ada.asker.data(
        "query ($id: ID!) { refund(id: $id) { status answer allowedActions steps { by } } }",
        id=refund_id,
    )

    assert asked["refund"]["allowedActions"] == ["WITHDRAW"]
    assert twice == {
        "__typename": "RefundAlreadyRequested",
        "refundId": refund_id,
        "code": "REFUND_REQUESTED",
        "field": ["paymentId"],
    }
    assert [edge["node"] for edge in open_ones["edges"]] == [
        {
            "id": refund_id,
            "note": "It never came",
            "origin": "CUSTOMER",
            "allowedActions": ["APPROVE", "REJECT"],
        }
    ]
    assert rejected["refund"] == {"status": "REJECTED", "answer": "It was signed for"}
    assert (late["__typename"], late["status"]) == ("RefundDecided", "REJECTED")
    assert seen == {
        "status": "REJECTED",
        "answer": "It was signed for",
        "allowedActions": [],
        "steps": [{"by": "CUSTOMER"}, {"by": "MERCHANT"}],
    }
    assert await factories.balances(ada.wallet) == [4_000]


async def test_a_customer_takes_the_question_back(app: Starlette, resident: Moving) -> None:
    ada, _, payment_id = await bought(resident, app)
    asked = await ada.asker.data(REQUEST, input=words(payment_id))

    answer = await ada.asker.data(WITHDRAW, input={"refundId": asked["refund"]["id"]})

    assert answer["refund"] == {
        "status": "WITHDRAWN",
        "steps": [
            {"status": "REQUESTED", "by": "CUSTOMER"},
            {"status": "WITHDRAWN", "by": "CUSTOMER"},
        ],
    }


async def test_why_a_refund_failed_is_the_merchants_to_know_and_the_desks(
    app: Starlette, resident: Moving
) -> None:
    ada, shop, payment_id = await bought(resident, app)
    await Account.filter(merchant_id=shop.merchant.id).update(floor=800)
    lin = await factories.person("lin", role=Role.AGENT)
    desk = await factories.session(lin, Audience.DESK, NOON)
    agent = Asker(app, path="/desk/graphql", token=desk.tokens.access)

    answer = await refunded(shop, payment_id, 500)
    refund_id = answer["refund"]["id"]
    theirs, hers = [await each.data(FAILED, id=refund_id) for each in (shop.asker, ada.asker)]
    at_desk = await agent.data(
        """query ($id: ID!) { movement(id: $id, reason: "She called") { ... on MovementFound {
            movement { ... on MerchantPayment { refunds { id status failure { code } } } } } } }""",
        id=payment_id,
    )
    await Account.filter(merchant_id=shop.merchant.id).update(floor=0)
    retried = await shop.asker.data(RETRY, input={"refundId": refund_id, "idempotencyKey": "r-2"})

    assert answer["__typename"] == "RefundFailed"
    assert theirs["failure"]["code"] == "MERCHANT_FUNDS_SHORT"
    assert "CN¥3.00 short" in theirs["failure"]["detail"]
    assert theirs["allowedActions"] == ["RETRY"]
    assert hers["failure"]["code"] == "REFUND_DELAYED"
    assert "3.00" not in str(hers)
    assert hers["allowedActions"] == []
    assert at_desk["movement"]["refunds"] == [
        {"id": refund_id, "status": "FAILED", "failure": {"code": "MERCHANT_FUNDS_SHORT"}}
    ]
    assert retried["refund"] == {
        "id": refund_id,
        "status": "SUCCEEDED",
        "steps": [{"status": "FAILED"}, {"status": "SUCCEEDED"}],
    }


async def test_a_list_of_payments_reads_its_refunds_and_their_steps_in_one_statement_each(
    app: Starlette, resident: Moving
) -> None:
    ada, shop = await resident("ada", holds=50_000), await till(app)
    for number in range(1, 7):
        payment = await pays(ada, (await shop.order(100 + number))["number"], key=f"k-{number}")
        await refunded(shop, payment["id"], 50, idempotencyKey=f"r-{number}")
    statements = listening()

    await shop.asker.data(
        "{ payments { edges { node { refunds { status steps { by } movement { id } } } } } }"
    )

    # The payments, who stands on their sides; their refunds, the steps, the movements and sides.
    assert len(statements) == 6, statements


async def test_refunds_are_listed_newest_first_page_by_page(
    app: Starlette, resident: Moving
) -> None:
    _, shop, payment_id = await bought(resident, app)
    for number in range(5):
        await refunded(shop, payment_id, 100, idempotencyKey=f"r-{number}")
    page = """query ($after: String) { refunds(status: SUCCEEDED, first: 2, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }"""

    found: list[str] = []
    after = None
    while True:
        answer = await shop.asker.data(page, after=after)
        found += [edge["node"]["id"] for edge in answer["edges"]]
        if not answer["pageInfo"]["hasNextPage"]:
            break
        after = answer["pageInfo"]["endCursor"]

    rows = await Refund.all().order_by("-created_at", "-id")
    assert found == [f"rfd_{row.id.hex}" for row in rows]


async def test_a_cashier_gives_nothing_back_and_a_manager_does(
    app: Starlette, resident: Moving
) -> None:
    _, shop, payment_id = await bought(resident, app)
    ben, zoe = await resident("ben"), await resident("zoe")
    await factories.member(shop.merchant, ben.person, MemberRole.CASHIER)
    await factories.member(shop.merchant, zoe.person, MemberRole.MANAGER)
    said = {"idempotencyKey": "k", "merchantId": shop.merchant_id, **words(payment_id, 100)}

    refused = await ben.asker.code(REFUND, input=said)
    listed = await ben.asker.data(
        "query ($id: ID) { refunds(merchantId: $id) { edges { node { id } } } }",
        id=shop.merchant_id,
    )
    given = await zoe.asker.data(REFUND, input=said)

    assert refused == "NOT_FOUND"
    assert listed == {"edges": []}
    assert given["__typename"] == "RefundCompleted"


async def test_a_key_without_the_scope_reads_refunds_and_gives_none(
    app: Starlette, resident: Moving
) -> None:
    _, shop, payment_id = await bought(resident, app)
    reader = Asker(app, token=await factories.key(shop.merchant, Scope.READ))
    by = Actor(merchant_id=shop.merchant.id, person_id=shop.merchant.owner_id)
    movement = await Movement.get(kind=MovementKind.MERCHANT_PAYMENT)
    wish = refunds.Wish(payment_id=movement.id, reason=RefundReason.OTHER, amount=10)
    await refunds.refund(wish, by=by, key="k", now=NOON)

    said = {"idempotencyKey": "k", **words(payment_id, 100)}
    refused = await reader.code(REFUND, input=said)
    listed = await reader.data("{ refunds { edges { node { amount { amountMinor } } } } }")

    assert refused == "SCOPE_MISSING"
    assert [edge["node"]["amount"]["amountMinor"] for edge in listed["edges"]] == [10]


async def test_a_refund_of_somebody_elses_payment_looks_like_none(
    app: Starlette, resident: Moving
) -> None:
    ada, shop, payment_id = await bought(resident, app)
    bob = await resident("bob")
    answer = await refunded(shop, payment_id, 100)
    document = "query ($id: ID!, $merchant: ID) { refund(id: $id, merchantId: $merchant) { id } }"

    for words_ in ({"id": answer["refund"]["id"]}, {"id": "rfd_" + 32 * "0"}, {"id": "x"}):
        assert await bob.asker.code(document, **words_) == "NOT_FOUND"
    as_merchant = {"id": answer["refund"]["id"], "merchant": shop.merchant_id}
    assert await ada.asker.code(document, **as_merchant) == "NOT_FOUND"
    assert await ada.asker.data(document, id=answer["refund"]["id"]) == {
        "id": answer["refund"]["id"]
    }


@pytest.mark.parametrize(
    ("words_", "code"),
    [
        ({"note": "x" * 60_000}, "NOTE_INVALID"),
        ({"idempotencyKey": "x" * 60_000}, "KEY_INVALID"),
        ({"amount": {"amountMinor": 0, "currency": "CNY"}}, "AMOUNT_INVALID"),
        ({"amount": {"amountMinor": 1, "currency": "JPY"}}, "CURRENCY_MISMATCH"),
    ],
)
async def test_what_cannot_be_is_answered_and_nothing_is_made(
    app: Starlette, resident: Moving, words_: dict[str, Any], code: str
) -> None:
    _, shop, payment_id = await bought(resident, app)

    said = {"idempotencyKey": "k", **words(payment_id), **words_}
    answer = await shop.asker.data(REFUND, input=said)
    endless = await shop.asker.code(REFUND, input=words("x" * 60_000, idempotencyKey="k"))

    assert answer["code"] == code
    assert endless == "NOT_FOUND"
    assert await Refund.all().count() == 0
