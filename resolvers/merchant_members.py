"""Adding people to a merchant, giving them roles, and letting them go."""

from __future__ import annotations

import strawberry

from domain import merchants
from domain.merchants import members
from models import merchants as rows
from schema import ids
from schema.context import Info
from schema.merchant_members import (
    AddMerchantMemberInput,
    AddMerchantMemberResult,
    LeaveMerchantInput,
    LeaveMerchantResult,
    MerchantLeft,
    MerchantMemberAdded,
    MerchantMemberRemoved,
    MerchantMemberRoleSet,
    MerchantOffered,
    OfferMerchantInput,
    OfferMerchantResult,
    RemoveMerchantMemberInput,
    RemoveMerchantMemberResult,
    SetMerchantMemberRoleInput,
    SetMerchantMemberRoleResult,
)
from schema.merchants import MerchantMember, seen
from schema.problems.base import named


@strawberry.type
class MerchantMemberMutations:
    @strawberry.mutation(
        description="Lets somebody work for a merchant. A proof must be fresh: see `proveIdentity`."
    )
    async def add_merchant_member(
        self, info: Info, input: AddMerchantMemberInput
    ) -> AddMerchantMemberResult:
        context = info.context
        try:
            row, person = await members.add(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                account_name=input.account_name,
                role=rows.MemberRole(input.role.value),
                now=context.now,
            )
        except merchants.ADD_MEMBER_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantMemberAdded(member=MerchantMember.of(row, person))

    @strawberry.mutation(
        description="Gives somebody another role. A proof must be fresh: see `proveIdentity`."
    )
    async def set_merchant_member_role(
        self, info: Info, input: SetMerchantMemberRoleInput
    ) -> SetMerchantMemberRoleResult:
        context = info.context
        try:
            row, person = await members.set_role(
                by=context.person,
                member_id=ids.parse(input.member_id, ids.Prefix.MEMBER),
                role=rows.MemberRole(input.role.value),
                now=context.now,
            )
        except merchants.SET_ROLE_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantMemberRoleSet(member=MerchantMember.of(row, person))

    @strawberry.mutation(
        description="Lets somebody work for a merchant no more. A proof must be fresh: see "
        "`proveIdentity`."
    )
    async def remove_merchant_member(
        self, info: Info, input: RemoveMerchantMemberInput
    ) -> RemoveMerchantMemberResult:
        context = info.context
        try:
            row = await members.remove(
                by=context.person,
                member_id=ids.parse(input.member_id, ids.Prefix.MEMBER),
                now=context.now,
            )
        except merchants.REMOVE_MEMBER_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantMemberRemoved(merchant=await seen(row, info))

    @strawberry.mutation(description="You work for a merchant no more.")
    async def leave_merchant(self, info: Info, input: LeaveMerchantInput) -> LeaveMerchantResult:
        context = info.context
        try:
            row = await merchants.leave(
                by=context.person, merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT)
            )
        except merchants.LEAVE_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantLeft(merchant=await seen(row, info))

    @strawberry.mutation(
        description="Asks another member to answer for your merchant; they have to accept. Two "
        "kinds of proof must be fresh: see `proveIdentity`."
    )
    async def offer_merchant(self, info: Info, input: OfferMerchantInput) -> OfferMerchantResult:
        context = info.context
        try:
            row = await merchants.offer(
                by=context.person,
                member_id=ids.parse(input.member_id, ids.Prefix.MEMBER),
                now=context.now,
            )
        except merchants.OFFER_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantOffered(merchant=await seen(row, info))
