"""Losing every second factor: reported by its owner, decided at the desk."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import contacts, factor_clearings
from domain.factor_losses import Begun
from models import factors as rows
from models import people as people_rows
from schema import ids
from schema.people import ContactKind, Role
from schema.problems import factors as problems
from schema.problems.contacts import CodeExpired, CodeWrong, NoUsableContact, TooManyCodes
from schema.problems.desk import ReasonRequired
from schema.problems.sessions import ProofNeeded, SignInLocked, SignInRefused, SignInThrottled
from schema.second_factors import SecondFactors


@strawberry.input
class ReportFactorLossInput:
    name: str = strawberry.field(
        description="Account name, or a verified e-mail address or telephone number."
    )
    password: str
    contact_kind: ContactKind | None = strawberry.field(
        default=None, description="Where the code goes; without it to the contact proved first."
    )


@strawberry.type(
    description="A code is on its way; the report counts once `verifyFactorLoss` has seen it."
)
class FactorLossBegun:
    loss_id: strawberry.ID
    masked_contact: str = strawberry.field(description="Where the code went.")

    @classmethod
    def of(cls, begun: Begun) -> FactorLossBegun:
        return cls(
            loss_id=strawberry.ID(ids.public(ids.Prefix.FACTOR_LOSS, begun.loss_id)),
            masked_contact=contacts.masked(begun.contact),
        )


@strawberry.input
class VerifyFactorLossInput:
    loss_id: strawberry.ID
    code: str = strawberry.field(description="The six digits that were sent.")


@strawberry.type(
    description="The loss is reported. All contacts are told at once and once more; whoever still "
    "has a second factor withdraws the report by signing in with it."
)
class FactorLossReported:
    decidable_at: datetime = strawberry.field(
        description="From when on somebody at the desk decides."
    )


@strawberry.type(description="Nothing is lost, and nothing changes.")
class FactorLossWithdrawn:
    second_factors: SecondFactors


ReportFactorLossResult = Annotated[
    FactorLossBegun
    | SignInRefused
    | SignInLocked
    | SignInThrottled
    | problems.NoSecondFactor
    | NoUsableContact
    | problems.LossReported
    | TooManyCodes,
    strawberry.union("ReportFactorLossResult"),
]
VerifyFactorLossResult = Annotated[
    FactorLossReported | CodeWrong | CodeExpired, strawberry.union("VerifyFactorLossResult")
]
WithdrawFactorLossResult = Annotated[
    FactorLossWithdrawn | problems.LossNotReported, strawberry.union("WithdrawFactorLossResult")
]


@strawberry.type(description="A reported loss as the desk sees it.")
class FactorLoss:
    id: strawberry.ID
    account_name: str
    display_name: str
    role: Role
    reported_at: datetime
    decidable_at: datetime = strawberry.field(description="Before that it can only be refused.")

    @classmethod
    def of(cls, row: rows.FactorLoss, person: people_rows.Person) -> FactorLoss:
        assert row.reported_at is not None
        assert row.decidable_at is not None
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.FACTOR_LOSS, row.id)),
            account_name=person.account_name,
            display_name=person.display_name,
            role=Role(person.role),
            reported_at=row.reported_at,
            decidable_at=row.decidable_at,
        )


@strawberry.enum(
    description="What is decided about a reported loss: to clear takes all second factors away and "
    "ends all sessions, to refuse leaves all as it is."
)
class FactorLossDecision(Enum):
    CLEAR = factor_clearings.LossDecision.CLEAR
    REFUSE = factor_clearings.LossDecision.REFUSE


@strawberry.input
class DecideFactorLossInput:
    loss_id: strawberry.ID
    decision: FactorLossDecision
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.type(description="It is decided, and its owner is told.")
class FactorLossDecided:
    recovery_code: str | None = strawberry.field(
        description="For a colleague, who cannot sign in without a second factor: hand it to them "
        "yourself. It is shown now and never again; null for customers."
    )


DecideFactorLossResult = Annotated[
    FactorLossDecided | ReasonRequired | ProofNeeded | problems.TooEarly | problems.LossOver,
    strawberry.union("DecideFactorLossResult"),
]
