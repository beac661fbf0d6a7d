"""Risk through the API: a rule is met, the payer answers, an agent decides, and nobody says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import pytest
from starlette.applications import Starlette

from domain import fresh_proofs, risk
from domain.fresh_proofs import Factor
from domain.risk import Outcome
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.audit import AuditRecord
from models.movements import Movement, MovementKind
from models.people import Role
from models.quotes import Quote
from models.risk import RiskCase, RiskHit
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident, Returning
from tests.api.test_transfers import CANCEL, PREPARE, confirm, prepared, wish
from tests.domain import books, risks
from tests.factories import balances
from tests.moments import Clock

CASES: Final = """
query ($status: RiskCaseStatus!, $after: String) {
  riskCases(status: $status, first: 1, after: $after) {
    edges { node { id cause status decision outcome reason deadlineAt } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
CASE: Final = """
query ($id: ID!, $reason: String!) {
  riskCase(id: $id, reason: $reason) {
    __typename
    ... on RiskCaseFound {
      riskCase { id cause status }
      customer { accountName }
      movement { status amount { amountMinor } failure { code } }
      hits { rule outcome force place policy }
    }
    ... on Problem { code field }
  }
}
"""
DECIDE: Final = """
mutation ($input: DecideRiskCaseInput!) {
  decideRiskCase(input: $input) {
    __typename
    ... on RiskCaseDecided {
      riskCase { status decision outcome reason }
      movement { status failure { code } }
    }
    ... on Problem { code field message nextStep }
  }
}
"""
INQUIRIES: Final = """
query ($after: String) { me { inquiries(first: 1, after: $after) {
  edges { node { id status payee { maskedName } amount { amountMinor } address place
                 deadlineAt answeredAt } }
  pageInfo { hasNextPage endCursor }
} } }
"""
ANSWER: Final = """
mutation ($id: ID!, $wasMe: Boolean!) {
  answerInquiry(input: { inquiryId: $id, wasMe: $wasMe }) {
    __typename
    ... on InquiryAnswered { inquiry { id status answeredAt } }
    ... on Problem { code field }
  }
}
"""
HISTORY: Final = """
query ($id: ID!) { movement(id: $id) { status failure { code title detail nextStep } } }
"""


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    risks.install(risks.rule(outcome=Outcome.REVIEW))
    yield
    risk.install(None)


@pytest.fixture
async def lin(app: Starlette, clock: Clock) -> Asker:
    return await agent(app, clock, "lin")


async def agent(app: Starlette, clock: Clock, name: str) -> Asker:
    person = await factories.person(name, role=Role.AGENT)
    opened = await factories.session(person, Audience.DESK, clock())
    return Asker(app, path="/desk/graphql", token=opened.tokens.access)


async def in_review(ada: Resident, amount: int = 400, **changes: Any) -> str:
    """The id of a payment to bob that waits for an agent."""
    answer = await confirm(ada, await prepared(ada, "bob", amount, **changes), key=f"k{amount}")
    movement = await Movement.filter(kind=MovementKind.TRANSFER).order_by("-id").first()
    assert movement is not None, answer
    return f"trf_{movement.id.hex}"


async def pending(lin: Asker) -> str:
    """The id of the case that is due first."""
    page = await lin.data(CASES, status="PENDING")
    return str(page["edges"][0]["node"]["id"])


def decision(case_id: str, decision: str, **changes: str) -> dict[str, str]:
    words = {"caseId": case_id, "decision": decision, "outcome": "FALSE_POSITIVE"}
    return {**words, "reason": "She called", **changes}


async def test_a_payment_that_a_rule_wants_reviewed_is_set_aside_and_an_agent_lets_it_go(
    resident: Moving, lin: Asker
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    id = await in_review(ada)
    waiting = await ada.asker.data(HISTORY, id=id)
    case_id = await pending(lin)

    found = await lin.data(CASE, id=case_id, reason="It is due")
    decided = await lin.data(DECIDE, input=decision(case_id, "APPROVED"))

    assert waiting == {"status": "IN_REVIEW", "failure": None}
    assert found == {
        "__typename": "RiskCaseFound",
        "riskCase": {"id": case_id, "cause": "RULE", "status": "PENDING"},
        "customer": {"accountName": "ada"},
        "movement": {"status": "IN_REVIEW", "amount": {"amountMinor": 400}, "failure": None},
        "hits": [
            {
                "rule": "first-payment",
                "outcome": "REVIEW",
                "force": "LIVE",
                "place": None,
                "policy": "0123456789abcdef",
            }
        ],
    }
    assert decided == {
        "__typename": "RiskCaseDecided",
        "riskCase": {
            "status": "CLOSED",
            "decision": "APPROVED",
            "outcome": "FALSE_POSITIVE",
            "reason": "She called",
        },
        "movement": {"status": "COMPLETED", "failure": None},
    }
    assert await balances(ada.wallet, bob.wallet) == [600, 400]
    records = await AuditRecord.all().order_by("at", "id")
    assert [record.action for record in records] == ["view_risk_case", "decide_risk_case"]
    await books.assert_sound()


async def test_a_declined_payment_says_to_its_payer_that_it_was_and_not_why(
    resident: Moving, lin: Asker
) -> None:
    ada, _ = await resident("ada", holds=1_000, locale="zh-CN"), await resident("bob")
    id = await in_review(ada)

    decided = await lin.data(DECIDE, input=decision(await pending(lin), "DECLINED"))

    assert decided["movement"] == {"status": "FAILED", "failure": {"code": "RISK_DECLINED"}}
    assert await ada.asker.data(HISTORY, id=id) == {
        "status": "FAILED",
        "failure": {
            "code": "RISK_DECLINED",
            "title": "付款未完成",
            "detail": "出于安全考虑，该笔付款无法完成。",
            "nextStep": "您的资金没有转出，如有需要请联系客服。",
        },
    }
    await books.assert_sound()


async def test_what_expires_is_told_to_the_payer_as_declined_and_to_the_desk_as_it_is(
    app: Starlette, resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    id = await in_review(ada)
    clock.advance(days=1)
    ada = await returning(ada)
    mia = await agent(app, clock, "mia")

    await Worker(registry(Wires()), clock=clock).run_due()

    told = await ada.asker.data(HISTORY, id=id)
    [case] = await RiskCase.all()
    seen = await mia.data(CASE, id=f"rsk_{case.id.hex}", reason="She asked")
    assert told["failure"]["code"] == "RISK_DECLINED"
    assert seen["movement"]["failure"] == {"code": "REVIEW_EXPIRED"}


async def test_a_payer_takes_a_payment_back_that_is_in_review_and_nobody_decides_it_then(
    resident: Moving, lin: Asker
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    id = await in_review(ada)
    case_id = await pending(lin)

    back = await ada.asker.data(CANCEL, input={"transferId": id, "idempotencyKey": "back"})
    refused = await lin.data(DECIDE, input=decision(case_id, "APPROVED"))

    assert back == {"__typename": "TransferCancelled", "transfer": {"status": "CANCELLED"}}
    assert refused == {
        "__typename": "RiskCaseClosed",
        "code": "RISK_CASE_CLOSED",
        "field": ["caseId"],
        "message": "This case is closed already.",
        "nextStep": "Open it to see how it ended.",
    }
    [closed] = (await lin.data(CASES, status="CLOSED"))["edges"]
    assert closed["node"]["decision"] == "RECALLED"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    await books.assert_sound()


async def test_a_declined_wish_is_not_shown_nor_kept_and_the_rule_is_not_named(
    resident: Moving,
) -> None:
    risks.install(risks.rule(outcome=Outcome.DECLINE))
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))

    assert answer == {
        "__typename": "PaymentDeclined",
        "code": "RISK_DECLINED",
        "field": None,
        "nextStep": "No money left your wallet. Contact support if you need it.",
        "retry": "NEVER",
        "message": "For safety reasons this payment cannot be completed.",
    }
    assert await Quote.all().count() == 0
    [hit] = await RiskHit.all()
    assert (hit.rule, hit.outcome, hit.quote_id) == ("first-payment", "decline", None)
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_rule_that_delays_lets_a_first_payment_arrive_later(resident: Moving) -> None:
    risks.install(risks.rule(outcome=Outcome.ALLOW, delay=True))
    ada, _ = await resident("ada", holds=1_000), await resident("bob")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))

    assert answer["quote"]["arrival"] == "TWO_HOURS"


async def test_a_rule_that_steps_up_asks_for_more_than_a_pin(resident: Moving) -> None:
    risks.install(risks.rule(outcome=Outcome.STEP_UP))
    ada, _ = await resident("ada", holds=1_000), await resident("bob")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))

    assert "PIN" not in answer["challenge"]["methods"]


async def test_a_shadow_rule_changes_nothing_and_is_kept(resident: Moving) -> None:
    risks.install(risks.rule(outcome=Outcome.DECLINE, is_shadow=True))
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    await confirm(ada, await prepared(ada, "bob", 400))

    assert await balances(ada.wallet, bob.wallet) == [600, 400]
    assert [row.force for row in await RiskHit.all()] == ["shadow"]


async def test_whoever_says_no_is_frozen_and_their_payment_comes_back(
    app: Starlette, resident: Moving, lin: Asker, clock: Clock
) -> None:
    risks.install(risks.rule(outcome=Outcome.REVIEW, ask=True))
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    opened = await factories.session(ada.person, Audience.PUBLIC, clock())
    hers = Asker(app, token=opened.tokens.access)
    id = await in_review(ada)
    [asked] = (await hers.data(INQUIRIES))["inquiries"]["edges"]

    answered = await hers.data(ANSWER, id=asked["node"]["id"], wasMe=False)

    assert asked["node"] == {
        "id": asked["node"]["id"],
        "status": "ASKED",
        "payee": {"maskedName": asked["node"]["payee"]["maskedName"]},
        "amount": {"amountMinor": 400},
        "address": asked["node"]["address"],
        "place": None,
        "deadlineAt": "2026-03-03T12:00:00+00:00",
        "answeredAt": None,
    }
    assert answered["inquiry"]["status"] == "REPORTED"
    assert (await hers.data(HISTORY, id=id))["status"] == "CANCELLED"
    assert await hers.data("{ me { isFrozen } }") == {"isFrozen": True}
    assert await ada.asker.code("{ me { id } }") == "UNAUTHENTICATED"
    [report] = (await lin.data(CASES, status="PENDING"))["edges"]
    assert report["node"]["cause"] == "REPORT"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    again = await hers.data(ANSWER, id=asked["node"]["id"], wasMe=True)
    assert again == {
        "__typename": "InquiryClosed",
        "code": "INQUIRY_CLOSED",
        "field": ["inquiryId"],
    }
    await books.assert_sound()


async def test_yes_from_the_session_in_question_needs_two_proofs(
    resident: Moving, clock: Clock
) -> None:
    risks.install(risks.rule(outcome=Outcome.STEP_UP, ask=True))
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))
    [asked] = (await ada.asker.data(INQUIRIES))["inquiries"]["edges"]

    refused = await ada.asker.data(ANSWER, id=asked["node"]["id"], wasMe=True)
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=clock())
    answered = await ada.asker.data(ANSWER, id=asked["node"]["id"], wasMe=True)
    after = await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))

    assert refused["code"] == "PROOF_NEEDED"
    assert answered["inquiry"]["status"] == "CONFIRMED"
    assert "PIN" in after["challenge"]["methods"]


async def test_inquiries_and_cases_come_page_by_page(
    resident: Moving, lin: Asker, clock: Clock
) -> None:
    risks.install(risks.rule(outcome=Outcome.REVIEW, ask=True))
    ada = await resident("ada", holds=1_000)
    for name in ("bob", "eve"):
        await resident(name)
        await confirm(ada, await prepared(ada, name, 10), key=name)
        clock.advance(minutes=1)

    asked, after = [], None
    while True:
        page = (await ada.asker.data(INQUIRIES, after=after))["inquiries"]
        asked += [edge["node"]["deadlineAt"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    first = await lin.data(CASES, status="PENDING")
    second = await lin.data(CASES, status="PENDING", after=first["pageInfo"]["endCursor"])

    assert asked == ["2026-03-03T12:01:00+00:00", "2026-03-03T12:00:00+00:00"]
    due = [page["edges"][0]["node"]["deadlineAt"] for page in (first, second)]
    assert due == ["2026-03-03T12:00:00+00:00", "2026-03-03T12:01:00+00:00"]
    assert not second["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("reason", ["", "x" * 60_000])
async def test_an_agent_says_why_or_sees_and_decides_nothing(
    resident: Moving, lin: Asker, reason: str
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    await in_review(ada)
    case_id = await pending(lin)

    seen = await lin.data(CASE, id=case_id, reason=reason)
    decided = await lin.data(DECIDE, input=decision(case_id, "APPROVED", reason=reason))

    assert seen == {"__typename": "ReasonRequired", "code": "REASON_REQUIRED", "field": ["reason"]}
    assert decided["code"] == "REASON_REQUIRED"
    assert await AuditRecord.all().count() == 0
    assert (await RiskCase.get()).decision is None


async def test_what_is_no_case_and_no_inquiry_of_ones_own_is_not_there(
    resident: Moving, lin: Asker
) -> None:
    risks.install(risks.rule(outcome=Outcome.STEP_UP, ask=True))
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await ada.asker.data(PREPARE, input=wish(ada, "bob", 400))
    [asked] = (await ada.asker.data(INQUIRIES))["inquiries"]["edges"]

    for id in (asked["node"]["id"], "inq_" + "0" * 32, "x" * 60_000):
        assert await bob.asker.code(ANSWER, id=id, wasMe=False) == "NOT_FOUND"
        words = decision(id.replace("inq", "rsk"), "APPROVED")
        assert await lin.code(DECIDE, input=words) == "NOT_FOUND"
        assert await lin.code(CASE, id=id.replace("inq", "rsk"), reason="She asked") == "NOT_FOUND"
