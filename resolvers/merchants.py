"""Becoming a merchant, and whether it takes payments."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import merchants
from domain.merchants import Particulars, Scope
from models import merchants as rows
from schema import ids
from schema.context import Info
from schema.merchants import (
    AcceptMerchantInput,
    AcceptMerchantResult,
    AppliedAsMerchant,
    ApplyAsMerchantInput,
    ApplyAsMerchantResult,
    CloseMerchantInput,
    CloseMerchantResult,
    Merchant,
    MerchantClosed,
    MerchantPaused,
    MerchantResumed,
    MerchantTakenOver,
    PauseMerchantInput,
    PauseMerchantResult,
    ResumeMerchantInput,
    ResumeMerchantResult,
    seen,
)
from schema.problems.base import named


@strawberry.type
class MerchantQueries:
    @strawberry.field(description="A merchant that you work for, or whose key you show.")
    async def merchant(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Which merchant, for a person who works there; a key is of one."
            ),
        ] = None,
    ) -> Merchant:
        actor = await info.context.acting(Scope.READ, id)
        return await seen(await rows.Merchant.get(id=actor.merchant_id), info)


@strawberry.type
class MerchantMutations:
    @strawberry.mutation(
        description="Asks uPay to let your business take payments; an agent decides."
    )
    async def apply_as_merchant(
        self, info: Info, input: ApplyAsMerchantInput
    ) -> ApplyAsMerchantResult:
        context = info.context
        particulars = Particulars(
            name=input.name, category=input.category, country=input.country, city=input.city
        )
        try:
            row = await merchants.apply(context.person.person_id, particulars, context.now)
        except merchants.APPLY_REFUSALS as refusal:
            return named(refusal, context.language)
        return AppliedAsMerchant(merchant=await seen(row, info))

    @strawberry.mutation(
        description="Lets a merchant take no payments for a while. A proof must be fresh: see "
        "`proveIdentity`."
    )
    async def pause_merchant(self, info: Info, input: PauseMerchantInput) -> PauseMerchantResult:
        context = info.context
        try:
            row = await merchants.pause(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                now=context.now,
            )
        except merchants.PAUSE_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantPaused(merchant=await seen(row, info))

    @strawberry.mutation(
        description="Lets a paused merchant take payments again. A proof must be fresh: see "
        "`proveIdentity`."
    )
    async def resume_merchant(self, info: Info, input: ResumeMerchantInput) -> ResumeMerchantResult:
        context = info.context
        try:
            row = await merchants.resume(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                now=context.now,
            )
        except merchants.RESUME_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantResumed(merchant=await seen(row, info))

    @strawberry.mutation(
        description="Closes a merchant for ever; it must be owed nothing. Two kinds of proof must "
        "be fresh: see `proveIdentity`."
    )
    async def close_merchant(self, info: Info, input: CloseMerchantInput) -> CloseMerchantResult:
        context = info.context
        try:
            row = await merchants.close(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                now=context.now,
                address=context.client,
            )
        except merchants.CLOSE_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantClosed(merchant=await seen(row, info))

    @strawberry.mutation(
        description="Answers for a merchant that its owner offered you. A proof must be fresh: "
        "see `proveIdentity`."
    )
    async def accept_merchant(self, info: Info, input: AcceptMerchantInput) -> AcceptMerchantResult:
        context = info.context
        try:
            row = await merchants.accept(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                now=context.now,
            )
        except merchants.ACCEPT_REFUSALS as refusal:
            return named(refusal, context.language)
        return MerchantTakenOver(merchant=await seen(row, info))
