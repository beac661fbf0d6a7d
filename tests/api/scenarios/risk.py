"""How the codes of payments that are looked at twice come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import risk
from domain.risk import Outcome
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.movements import Movement, MovementKind
from models.risk import Inquiry, RiskCase
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.stage import (
    WHY,
    Act,
    Said,
    Scenario,
    Scenarios,
    Stage,
    failed,
    failure,
    problem,
)
from tests.api.test_transfers import PREPARE, confirm, prepared, wish
from tests.domain import risks

_AT_THE_DESK: Final = """query ($id: ID!, $reason: String!) { movement(id: $id, reason: $reason) {
    ... on MovementFound { movement { failure { code title detail nextStep retry } } } } }"""


async def risk_declined(stage: Stage) -> Act:
    ada, _ = await stage.two()
    _judging(stage, Outcome.DECLINE)
    return partial(problem, ada.asker, "prepareTransfer", wish(ada, "bob", 100))


async def risk_declined_by_an_agent(stage: Stage) -> Act:
    ada, id = await _in_review(stage)
    lin = await stage.agent()

    async def act() -> Said:
        await _decide(lin, await _case_id())
        return await failure(ada.asker, id)

    return act


def declined_at_the_desk(ground: str) -> Scenario:
    """An agent declines a payment for a reason that only the desk gets to see."""

    async def scenario(stage: Stage) -> Act:
        _, id = await _in_review(stage)
        lin = await stage.agent()

        async def act() -> Said:
            await _decide(lin, await _case_id(), ground=ground)
            found = await lin.data(_AT_THE_DESK, id=id, reason=WHY)
            return failed(found["movement"]["failure"])

        return act

    return scenario


async def review_expired(stage: Stage) -> Act:
    _, id = await _in_review(stage)
    stage.clock.advance(days=1)
    lin = await stage.agent()

    async def act() -> Said:
        await Worker(registry(Wires()), clock=stage.clock).run_due()
        found = await lin.data(_AT_THE_DESK, id=id, reason=WHY)
        return failed(found["movement"]["failure"])

    return act


async def risk_case_closed(stage: Stage) -> Act:
    await _in_review(stage)
    lin, case_id = await stage.agent(), await _case_id()
    await _decide(lin, case_id)
    return partial(problem, lin, "decideRiskCase", _words(case_id))


async def inquiry_closed(stage: Stage) -> Act:
    ada, _ = await stage.two()
    _judging(stage, Outcome.STEP_UP)
    await ada.asker.data(PREPARE, input=wish(ada, "bob", 100))
    inquiry = await Inquiry.get()
    stage.clock.advance(days=1)
    ada = await stage.again(ada)
    words = {"inquiryId": f"inq_{inquiry.id.hex}", "wasMe": False}
    return partial(problem, ada.asker, "answerInquiry", words)


async def _in_review(stage: Stage) -> tuple[Resident, str]:
    """Ada, and the id of her payment to bob that waits for an agent."""
    ada, _ = await stage.two()
    _judging(stage, Outcome.REVIEW)
    await confirm(ada, await prepared(ada, "bob", 100))
    movement = await Movement.get(kind=MovementKind.TRANSFER)
    return ada, f"trf_{movement.id.hex}"


def _judging(stage: Stage, outcome: Outcome) -> None:
    risks.install(risks.rule(outcome=outcome, ask=True))
    stage.curtain.callback(risk.install, None)


async def _case_id() -> str:
    case = await RiskCase.get()
    return f"rsk_{case.id.hex}"


async def _decide(lin: Asker, case_id: str, **words: str) -> None:
    document = """mutation ($input: DecideRiskCaseInput!) {
        decideRiskCase(input: $input) { __typename } }"""
    answer = await lin.data(document, input=_words(case_id) | words)
    assert answer == {"__typename": "RiskCaseDecided"}


def _words(case_id: str) -> dict[str, str]:
    return {
        "caseId": case_id,
        "decision": "DECLINED",
        "outcome": "CONFIRMED_RISK",
        "reason": WHY,
    }


PROBLEMS: Final[Scenarios] = {
    "RISK_DECLINED": risk_declined,
    "RISK_CASE_CLOSED": risk_case_closed,
    "INQUIRY_CLOSED": inquiry_closed,
}
FAILURES: Final[Scenarios] = {
    "RISK_DECLINED": risk_declined_by_an_agent,
    "SANCTIONED": declined_at_the_desk("SANCTIONED"),
    "LEGAL_HOLD": declined_at_the_desk("LEGAL_HOLD"),
    "REVIEW_EXPIRED": review_expired,
}
