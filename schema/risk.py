"""Risk as the desk sees it: cases to decide, and the rules that opened them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import releases, risk
from models import risk as rows
from schema import ids
from schema.customers import Customer
from schema.movements import Movement
from schema.problems import desk as desk_problems
from schema.problems import risk as problems


@strawberry.enum(description="Why somebody must decide.")
class RiskCaseCause(Enum):
    RULE = strawberry.enum_value(
        rows.CaseCause.RULE, description="A rule wants the payment looked at; its money waits."
    )
    REPORT = strawberry.enum_value(
        rows.CaseCause.REPORT, description="The payer says that it was not them."
    )
    SILENCE = strawberry.enum_value(
        rows.CaseCause.SILENCE, description="The payer was asked, and said nothing."
    )


@strawberry.enum(description="Whether a case is still to be decided.")
class RiskCaseStatus(Enum):
    PENDING = rows.CaseStatus.PENDING
    CLOSED = rows.CaseStatus.CLOSED


@strawberry.enum(description="How a case ended.")
class RiskCaseDecision(Enum):
    APPROVED = rows.CaseDecision.APPROVED
    DECLINED = rows.CaseDecision.DECLINED
    EXPIRED = strawberry.enum_value(
        rows.CaseDecision.EXPIRED, description="Nobody decided in time: the payment failed."
    )
    RECALLED = strawberry.enum_value(
        rows.CaseDecision.RECALLED, description="The payment was called back meanwhile."
    )


@strawberry.enum(description="What an agent can decide.")
class RiskVerdict(Enum):
    APPROVED = strawberry.enum_value(
        rows.CaseDecision.APPROVED, description="The payment goes on as it was to."
    )
    DECLINED = strawberry.enum_value(
        rows.CaseDecision.DECLINED, description="Money that waits is the payer's again."
    )


@strawberry.enum(description="What a case turned out to be.")
class RiskCaseOutcome(Enum):
    CONFIRMED_RISK = strawberry.enum_value(
        rows.CaseOutcome.CONFIRMED_RISK, description="Somebody meant harm."
    )
    FALSE_POSITIVE = strawberry.enum_value(
        rows.CaseOutcome.FALSE_POSITIVE, description="Nothing was wrong: the rule is too strict."
    )
    VALUABLE_ALERT = strawberry.enum_value(
        rows.CaseOutcome.VALUABLE_ALERT,
        description="Nothing was wrong, and it was right to look.",
    )


@strawberry.enum(description="What a rule asks for when it fits.")
class RiskOutcome(Enum):
    ALLOW = strawberry.enum_value(
        risk.Outcome.ALLOW, description="Nothing but a delay or a question to the payer."
    )
    STEP_UP = strawberry.enum_value(
        risk.Outcome.STEP_UP, description="A proof stronger than a PIN."
    )
    REVIEW = strawberry.enum_value(risk.Outcome.REVIEW, description="That an agent looks.")
    DECLINE = strawberry.enum_value(risk.Outcome.DECLINE, description="That nothing is paid.")


@strawberry.enum(description="Whether what a rule found counts.")
class RiskForce(Enum):
    LIVE = risk.Force.LIVE
    SHADOW = strawberry.enum_value(
        risk.Force.SHADOW, description="The rule is being tried out: nothing followed."
    )
    SNOOZED = strawberry.enum_value(
        risk.Force.SNOOZED, description="The payer had said that it was them: nothing followed."
    )


@strawberry.type(description="One rule that fitted a payment.")
class RiskHit:
    rule: str = strawberry.field(description="Its name in the file of rules.")
    outcome: RiskOutcome
    force: RiskForce
    place: str | None = strawberry.field(
        description="The country or region that the payer was in; null where nobody knows."
    )
    policy: str = strawberry.field(
        description="The digest of the file that judged; `server doctor` says the present one's."
    )
    at: datetime

    @classmethod
    def of(cls, row: rows.RiskHit) -> RiskHit:
        return cls(
            rule=row.rule,
            outcome=RiskOutcome(risk.Outcome(row.outcome)),
            force=RiskForce(risk.Force(row.force)),
            place=row.place,
            policy=row.policy,
            at=row.at,
        )


@strawberry.type(description="Something an agent must decide; whom it is about `riskCase` tells.")
class RiskCase:
    id: strawberry.ID
    cause: RiskCaseCause
    status: RiskCaseStatus
    opened_at: datetime
    deadline_at: datetime = strawberry.field(
        description="When a payment that waits fails by itself; otherwise when it is overdue."
    )
    decision: RiskCaseDecision | None = strawberry.field(description="Null while it is pending.")
    outcome: RiskCaseOutcome | None = strawberry.field(
        description="Null unless an agent decided it."
    )
    reason: str | None = strawberry.field(description="What the agent wrote.")
    decided_at: datetime | None

    @classmethod
    def of(cls, row: rows.RiskCase) -> RiskCase:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.RISK_CASE, row.id)),
            cause=RiskCaseCause(row.cause),
            status=RiskCaseStatus(row.status),
            opened_at=row.opened_at,
            deadline_at=row.deadline_at,
            decision=None if row.decision is None else RiskCaseDecision(row.decision),
            outcome=None if row.outcome is None else RiskCaseOutcome(row.outcome),
            reason=row.reason,
            decided_at=row.decided_at,
        )


@strawberry.type(description="The case, and whom it is about; the look-up is on record.")
class RiskCaseFound:
    risk_case: RiskCase
    customer: Customer = strawberry.field(description="The payer.")
    movement: Movement | None = strawberry.field(
        description="The payment; null when what was reported never became one."
    )
    hits: list[RiskHit] = strawberry.field(description="The rules that fitted, in force or not.")


@strawberry.enum(description="Why a payment is declined; the payer is told nothing of it.")
class DeclineGround(Enum):
    RISK = releases.Ground.RISK
    SANCTIONED = strawberry.enum_value(
        releases.Ground.SANCTIONED, description="Somebody's name is on a list."
    )
    LEGAL_HOLD = strawberry.enum_value(
        releases.Ground.LEGAL_HOLD, description="A court or an authority wants the money to stay."
    )


@strawberry.input
class DecideRiskCaseInput:
    case_id: strawberry.ID
    decision: RiskVerdict
    outcome: RiskCaseOutcome
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")
    ground: DeclineGround = strawberry.field(
        default=DeclineGround.RISK,
        description="Why it is declined, as the desk sees it afterwards; the payer hears the same.",
    )


@strawberry.type(description="The case is closed, and the money is where you decided.")
class RiskCaseDecided:
    risk_case: RiskCase
    movement: Movement | None = strawberry.field(
        description="The payment as it is now. An approved one fails if a freeze or a closed "
        "wallet keeps it from arriving."
    )


RiskCaseFoundResult = Annotated[
    RiskCaseFound | desk_problems.ReasonRequired, strawberry.union("RiskCaseFoundResult")
]
DecideRiskCaseResult = Annotated[
    RiskCaseDecided | desk_problems.ReasonRequired | problems.RiskCaseClosed,
    strawberry.union("DecideRiskCaseResult"),
]
