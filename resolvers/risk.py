"""Answering whether a payment was one's own; at the desk, deciding what rules and people ask."""

from __future__ import annotations

import strawberry

from domain import inquiries, risk_cases
from domain.releases import Ground
from models.movements import Movement as MovementRow
from models.people import Person
from models.risk import CaseDecision, CaseOutcome
from models.risk import RiskCase as CaseRow
from schema import ids, pages
from schema.context import Info
from schema.customers import Customer
from schema.inquiries import AnswerInquiryInput, AnswerInquiryResult, Inquiry, InquiryAnswered
from schema.movements import Movement, movement
from schema.problems.base import named
from schema.risk import (
    DecideRiskCaseInput,
    DecideRiskCaseResult,
    RiskCase,
    RiskCaseDecided,
    RiskCaseFound,
    RiskCaseFoundResult,
    RiskCaseStatus,
    RiskHit,
)


@strawberry.type
class InquiryMutations:
    @strawberry.mutation(description="Says whether a payment was yours; the first answer counts.")
    async def answer_inquiry(self, info: Info, input: AnswerInquiryInput) -> AnswerInquiryResult:
        try:
            row = await inquiries.answer(
                by=info.context.person,
                inquiry_id=ids.parse(input.inquiry_id, ids.Prefix.INQUIRY),
                was_me=input.was_me,
                now=info.context.now,
            )
        except inquiries.ANSWER_REFUSALS as refusal:
            return named(refusal, info.context.language)
        payees = await inquiries.payee_names([row])
        return InquiryAnswered(inquiry=Inquiry.of(row, payees[row.id]))


@strawberry.type
class RiskQueries:
    @strawberry.field(
        description="Cases, the one that is due first; whom they are about is not said."
    )
    async def risk_cases(
        self,
        info: Info,
        status: RiskCaseStatus = RiskCaseStatus.PENDING,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[RiskCase]:
        found = await risk_cases.page(
            by=info.context.person,
            status=status.value,
            limit=pages.size(first) + 1,
            after=pages.parse_cursor(after),
        )
        places = [(row.deadline_at, row.id) for row in found]
        return pages.page(places, [RiskCase.of(row) for row in found], first, after)

    @strawberry.field(description="A case and whom it is about; the reason is kept on record.")
    async def risk_case(self, info: Info, id: strawberry.ID, reason: str) -> RiskCaseFoundResult:
        try:
            row = await risk_cases.look_at(
                by=info.context.person,
                case_id=ids.parse(id, ids.Prefix.RISK_CASE),
                reason=reason,
                now=info.context.now,
            )
        except risk_cases.READ_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RiskCaseFound(
            risk_case=RiskCase.of(row),
            customer=Customer.of(await Person.get(id=row.person_id)),
            movement=await _movement(row, info),
            hits=[RiskHit.of(hit) for hit in await risk_cases.hits(row)],
        )


@strawberry.type
class RiskMutations:
    @strawberry.mutation(description="Decides a case, and what becomes of the money that waits.")
    async def decide_risk_case(
        self, info: Info, input: DecideRiskCaseInput
    ) -> DecideRiskCaseResult:
        try:
            row = await risk_cases.decide(
                by=info.context.person,
                case_id=ids.parse(input.case_id, ids.Prefix.RISK_CASE),
                verdict=CaseDecision[input.decision.name],
                outcome=CaseOutcome[input.outcome.name],
                ground=Ground[input.ground.name],
                reason=input.reason,
                now=info.context.now,
            )
        except risk_cases.DECIDE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RiskCaseDecided(risk_case=RiskCase.of(row), movement=await _movement(row, info))


async def _movement(case: CaseRow, info: Info) -> Movement | None:
    if case.movement_id is None:
        return None
    return await movement(await MovementRow.get(id=case.movement_id), info)
