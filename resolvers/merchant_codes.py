"""Codes that merchants hang up, and reading whatever a customer scanned."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import merchant_codes, scans
from domain.merchants import Scope
from models.merchants import Merchant
from schema import ids, pages
from schema.context import Info
from schema.merchant_codes import (
    CreateMerchantCodeInput,
    CreateMerchantCodeResult,
    MerchantCode,
    MerchantCodeCreated,
    MerchantCodeReplaced,
    ReadCodeResult,
    ReplaceMerchantCodeInput,
    ReplaceMerchantCodeResult,
    codes_of,
    scanned,
)
from schema.orders import MerchantId
from schema.problems.base import named


@strawberry.type
class MerchantCodeQueries:
    @strawberry.field(
        description="What a scanned code or link asks you to pay: a person, an order, or a "
        "merchant whose amount you type."
    )
    async def read_code(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="What the scanner read.")],
    ) -> ReadCodeResult:
        by, context = info.context.person.person_id, info.context
        try:
            found = await scans.read(text, by=by, public_url=context.public_url, now=context.now)
        except scans.READ_REFUSALS as refusal:
            return named(refusal, context.language, field="text")
        return scanned(found, info)

    @strawberry.field(description="The lasting codes of the merchant that you act for.")
    async def merchant_codes(
        self,
        info: Info,
        merchant_id: MerchantId = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[MerchantCode]:
        actor = await info.context.acting(Scope.READ, merchant_id)
        return await codes_of(actor.merchant_id, first, after, info)


@strawberry.type
class MerchantCodeMutations:
    @strawberry.mutation(
        description="The merchant's code for one place: a store, a till, or the only one there is."
    )
    async def create_merchant_code(
        self, info: Info, input: CreateMerchantCodeInput
    ) -> CreateMerchantCodeResult:
        actor = await info.context.acting(Scope.ORDERS, input.merchant_id)
        try:
            row = await merchant_codes.create(
                merchant_id=actor.merchant_id,
                currency=input.currency,
                store=input.store,
                till=input.till,
                now=info.context.now,
            )
        except merchant_codes.CREATE_REFUSALS as refusal:
            place = refusal.place if isinstance(refusal, merchant_codes.LabelInvalid) else None
            return named(refusal, info.context.language, field=place)
        merchant = await Merchant.get(id=actor.merchant_id)
        return MerchantCodeCreated(merchant_code=MerchantCode.of(row, merchant, info))

    @strawberry.mutation(
        description="Voids a lasting code wherever it hangs, and gives another for the same place."
    )
    async def replace_merchant_code(
        self, info: Info, input: ReplaceMerchantCodeInput
    ) -> ReplaceMerchantCodeResult:
        actor = await info.context.acting(Scope.ORDERS, input.merchant_id)
        row = await merchant_codes.replace(
            ids.parse(input.code_id, ids.Prefix.MERCHANT_CODE),
            merchant_id=actor.merchant_id,
            now=info.context.now,
        )
        merchant = await Merchant.get(id=actor.merchant_id)
        return MerchantCodeReplaced(merchant_code=MerchantCode.of(row, merchant, info))
