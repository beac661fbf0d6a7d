"""Merchants as agents see them: who applies, and what they decide."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry

from schema.customers import Customer
from schema.merchants import Merchant, MerchantMember
from schema.problems import merchants as problems
from schema.problems.desk import ReasonRequired


@strawberry.enum(description="What an agent can decide of an application.")
class MerchantDecision(Enum):
    ACCEPT = "accept"
    REJECT = "reject"


@strawberry.type(description="The merchant, and who works for it; the look-up is on record.")
class MerchantFound:
    merchant: Merchant
    owner: Customer = strawberry.field(description="Who answers for it.")
    members: list[MerchantMember] = strawberry.field(description="The owner among them.")


@strawberry.input
class DecideMerchantInput:
    merchant_id: strawberry.ID
    decision: MerchantDecision
    reason: str = strawberry.field(
        description="Kept on record, and shown to the merchant; 3 to 500 characters."
    )


@strawberry.input
class SuspendMerchantInput:
    merchant_id: strawberry.ID
    reason: str = strawberry.field(
        description="Kept on record, and shown to the merchant; 3 to 500 characters."
    )


@strawberry.input
class ReinstateMerchantInput:
    merchant_id: strawberry.ID
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.type(description="The application is decided, and its owner gets a letter.")
class MerchantDecisionMade:
    merchant: Merchant


@strawberry.type(description="It takes no payments until the desk reinstates it; refunds go on.")
class MerchantIsSuspended:
    merchant: Merchant


@strawberry.type(description="The suspension is lifted; what its own people paused stays paused.")
class MerchantReinstated:
    merchant: Merchant


MerchantFoundResult = Annotated[
    MerchantFound | ReasonRequired, strawberry.union("MerchantFoundResult")
]
DecideMerchantResult = Annotated[
    MerchantDecisionMade | ReasonRequired | problems.MerchantDecided,
    strawberry.union("DecideMerchantResult"),
]
SuspendMerchantResult = Annotated[
    MerchantIsSuspended | ReasonRequired | problems.MerchantNotAccepted,
    strawberry.union("SuspendMerchantResult"),
]
ReinstateMerchantResult = Annotated[
    MerchantReinstated
    | ReasonRequired
    | problems.MerchantNotAccepted
    | problems.MerchantNotSuspended,
    strawberry.union("ReinstateMerchantResult"),
]
