"""Merchants at the desk: looking at them, deciding applications, suspending."""

from __future__ import annotations

import strawberry

from domain import merchants
from domain.merchants import members
from models import merchants as rows
from models.people import Person
from schema import ids, pages
from schema.context import Info
from schema.customers import Customer
from schema.merchant_desk import (
    DecideMerchantInput,
    DecideMerchantResult,
    MerchantDecision,
    MerchantDecisionMade,
    MerchantFound,
    MerchantFoundResult,
    MerchantIsSuspended,
    MerchantReinstated,
    ReinstateMerchantInput,
    ReinstateMerchantResult,
    SuspendMerchantInput,
    SuspendMerchantResult,
)
from schema.merchants import Merchant, MerchantMember, MerchantStatus
from schema.problems.base import named


@strawberry.type
class MerchantDeskQueries:
    @strawberry.field(
        description="Merchants, the one that applied first; who works for them is not said."
    )
    async def merchants(
        self,
        info: Info,
        status: MerchantStatus | None = MerchantStatus.APPLIED,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Merchant]:
        found = await merchants.page(
            by=info.context.person,
            status=None if status is None else rows.MerchantStatus(status.value),
            limit=pages.size(first) + 1,
            after=pages.parse_cursor(after),
        )
        places = [(row.applied_at, row.id) for row in found]
        return pages.page(places, [Merchant.of(row, info) for row in found], first, after)

    @strawberry.field(description="A merchant and who works for it; the reason is kept on record.")
    async def merchant(self, info: Info, id: strawberry.ID, reason: str) -> MerchantFoundResult:
        try:
            row = await merchants.look_at(
                by=info.context.person,
                merchant_id=ids.parse(id, ids.Prefix.MERCHANT),
                reason=reason,
                now=info.context.now,
            )
        except merchants.READ_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MerchantFound(
            merchant=Merchant.of(row, info),
            owner=Customer.of(await Person.get(id=row.owner_id)),
            members=[
                MerchantMember.of(member, person) for member, person in await members.of(row.id)
            ],
        )


@strawberry.type
class MerchantDeskMutations:
    @strawberry.mutation(description="Lets a merchant take payments, or rejects it.")
    async def decide_merchant(self, info: Info, input: DecideMerchantInput) -> DecideMerchantResult:
        try:
            row = await merchants.decide(
                by=info.context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                is_accepted=input.decision is MerchantDecision.ACCEPT,
                reason=input.reason,
                now=info.context.now,
            )
        except merchants.DECIDE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MerchantDecisionMade(merchant=Merchant.of(row, info))

    @strawberry.mutation(
        description="Lets a merchant take no payments, until the desk reinstates it."
    )
    async def suspend_merchant(
        self, info: Info, input: SuspendMerchantInput
    ) -> SuspendMerchantResult:
        try:
            row = await merchants.suspend(
                by=info.context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                reason=input.reason,
                now=info.context.now,
            )
        except merchants.SUSPEND_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MerchantIsSuspended(merchant=Merchant.of(row, info))

    @strawberry.mutation(description="Lifts the suspension of a merchant.")
    async def reinstate_merchant(
        self, info: Info, input: ReinstateMerchantInput
    ) -> ReinstateMerchantResult:
        try:
            row = await merchants.reinstate(
                by=info.context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                reason=input.reason,
                now=info.context.now,
            )
        except merchants.REINSTATE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MerchantReinstated(merchant=Merchant.of(row, info))
