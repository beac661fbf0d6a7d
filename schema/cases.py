"""Cases as agents see them: what uPay cannot put right by itself."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from models import cases as rows
from schema import ids
from schema.problems import cases as problems
from schema.problems.desk import ReasonRequired


@strawberry.enum(description="What somebody must look into.")
class CaseKind(Enum):
    REFUND_UNANSWERED = strawberry.enum_value(
        rows.CaseKind.REFUND_UNANSWERED,
        description="A merchant says neither yes nor no to a refund that was asked for.",
    )
    REFUND_UNCLAIMED = strawberry.enum_value(
        rows.CaseKind.REFUND_UNCLAIMED, description="Nobody can be given a refund's money."
    )
    PROVIDER_CONTRADICTION = strawberry.enum_value(
        rows.CaseKind.PROVIDER_CONTRADICTION,
        description="The provider said one thing of an order, and later another.",
    )
    PROVIDER_SILENT = strawberry.enum_value(
        rows.CaseKind.PROVIDER_SILENT,
        description="The provider has not said for a day what became of an order.",
    )
    REVERSAL_SHORT = strawberry.enum_value(
        rows.CaseKind.REVERSAL_SHORT,
        description="A wallet holds less than the provider took back.",
    )
    STATEMENT_DIFFERENCE = strawberry.enum_value(
        rows.CaseKind.STATEMENT_DIFFERENCE,
        description="A line of the provider's statement is not in the books, or not like that.",
    )
    PAYOUT_FAILED = strawberry.enum_value(
        rows.CaseKind.PAYOUT_FAILED, description="A merchant's bank sent a payout back."
    )


@strawberry.enum(description="Whether somebody still has to look.")
class CaseStatus(Enum):
    OPEN = "open"
    CLOSED = "closed"


@strawberry.enum(description="How a case ended.")
class CaseOutcome(Enum):
    PUT_RIGHT = strawberry.enum_value(
        rows.CaseOutcome.PUT_RIGHT, description="What was wrong is so no more."
    )
    NOTHING_WRONG = strawberry.enum_value(
        rows.CaseOutcome.NOTHING_WRONG, description="There was nothing to put right."
    )
    WRITTEN_OFF = strawberry.enum_value(
        rows.CaseOutcome.WRITTEN_OFF, description="The house bears it."
    )


@strawberry.type(description="One thing that is known of a case.")
class CaseFact:
    name: str = strawberry.field(description="What it is, for programs; never translated.")
    value: str = strawberry.field(description="A code, an id, or a number of minor units.")


@strawberry.type(description="Something for the desk to look into.")
class Case:
    id: strawberry.ID
    kind: CaseKind
    subject: str = strawberry.field(
        description="What it is about: 32 hexadecimal digits, which end the public id of it."
    )
    facts: list[CaseFact] = strawberry.field(description="By name; at most a few.")
    opened_at: datetime
    closed_at: datetime | None
    outcome: CaseOutcome | None = strawberry.field(description="Null while it is open.")
    reason: str | None = strawberry.field(description="What the agent wrote who closed it.")
    livemode: bool = strawberry.field(description="False on a demo or a test server.")

    @classmethod
    def of(cls, row: rows.Case, *, livemode: bool) -> Case:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.CASE, row.id)),
            kind=CaseKind[row.kind.name],
            subject=row.subject_id.hex,
            facts=[CaseFact(name=name, value=str(row.detail[name])) for name in sorted(row.detail)],
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            outcome=None if row.outcome is None else CaseOutcome[row.outcome.name],
            reason=row.reason,
            livemode=livemode,
        )


@strawberry.input
class CloseCaseInput:
    case_id: strawberry.ID
    outcome: CaseOutcome
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.type(description="Nobody has to look at it any more. No money moved by it.")
class CaseClosed:
    case: Case


CloseCaseResult = Annotated[
    CaseClosed | ReasonRequired | problems.CaseClosedAlready, strawberry.union("CloseCaseResult")
]
