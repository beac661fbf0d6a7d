"""Adding people to a merchant, giving them roles, and letting them go."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.merchants import Merchant, MerchantMember, MerchantRoleToGive
from schema.problems import merchants as problems
from schema.problems.sessions import ProofNeeded


@strawberry.input
class AddMerchantMemberInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you manage.")
    account_name: str = strawberry.field(description="Theirs; they must have an account.")
    role: MerchantRoleToGive


@strawberry.input
class SetMerchantMemberRoleInput:
    member_id: strawberry.ID
    role: MerchantRoleToGive


@strawberry.input
class RemoveMerchantMemberInput:
    member_id: strawberry.ID


@strawberry.input
class LeaveMerchantInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you work for.")


@strawberry.input
class OfferMerchantInput:
    member_id: strawberry.ID = strawberry.field(
        description="Who is to answer for the merchant; yourself takes an offer back."
    )


@strawberry.type(description="They work for the merchant; a letter tells them so.")
class MerchantMemberAdded:
    member: MerchantMember


@strawberry.type(description="They may do what the role lets them, at once.")
class MerchantMemberRoleSet:
    member: MerchantMember


@strawberry.type(description="They work for the merchant no more. The keys they made stay.")
class MerchantMemberRemoved:
    merchant: Merchant


@strawberry.type(description="You work for the merchant no more.")
class MerchantLeft:
    merchant: Merchant


@strawberry.type(description="They are asked to answer for it; nothing changes before they do.")
class MerchantOffered:
    merchant: Merchant


AddMerchantMemberResult = Annotated[
    MerchantMemberAdded
    | ProofNeeded
    | problems.MerchantNotAccepted
    | problems.MemberNotFound
    | problems.AlreadyMember
    | problems.TooManyMembers,
    strawberry.union("AddMerchantMemberResult"),
]
SetMerchantMemberRoleResult = Annotated[
    MerchantMemberRoleSet | ProofNeeded | problems.OwnerStays,
    strawberry.union("SetMerchantMemberRoleResult"),
]
RemoveMerchantMemberResult = Annotated[
    MerchantMemberRemoved | ProofNeeded | problems.OwnerStays,
    strawberry.union("RemoveMerchantMemberResult"),
]
LeaveMerchantResult = Annotated[
    MerchantLeft | problems.OwnerStays, strawberry.union("LeaveMerchantResult")
]
OfferMerchantResult = Annotated[
    MerchantOffered | ProofNeeded | problems.MerchantNotAccepted,
    strawberry.union("OfferMerchantResult"),
]
