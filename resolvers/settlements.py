"""A merchant's settlements; at the desk, what payments cost and what the provider booked."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import fees, merchant_settlements, reconciliation
from domain.merchants import Scope
from schema import ids, pages
from schema.context import Info
from schema.money import CurrencyCode
from schema.problems.base import named
from schema.settlements import (
    MerchantFee,
    MerchantFeeSet,
    SetMerchantFeeInput,
    SetMerchantFeeResult,
    Settlement,
)
from schema.statements import (
    Reconciliation,
    ReconciliationAsked,
    RunReconciliationInput,
    RunReconciliationResult,
    reconciliations_of,
)

Named = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Which merchant, for a person who works there; a key is of one.",
        name="merchantId",
    ),
]


@strawberry.type
class SettlementQueries:
    @strawberry.field(description="A merchant's settlements, newest first.")
    async def settlements(
        self,
        info: Info,
        merchant_id: Named = None,
        currency: CurrencyCode | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Settlement]:
        actor = await info.context.acting(Scope.SETTLEMENTS, merchant_id)
        found = await merchant_settlements.page(
            actor,
            currency=currency,
            limit=pages.size(first) + 1,
            after=pages.parse_cursor(after),
        )
        return pages.page(
            [(row.created_at, row.id) for row in found],
            [Settlement.of(row, info) for row in found],
            first,
            after,
        )

    @strawberry.field(description="One settlement of a merchant.")
    async def settlement(
        self, info: Info, id: strawberry.ID, merchant_id: Named = None
    ) -> Settlement:
        actor = await info.context.acting(Scope.SETTLEMENTS, merchant_id)
        settlement_id = ids.parse(id, ids.Prefix.SETTLEMENT)
        return Settlement.of(await merchant_settlements.owned(actor, settlement_id), info)


@strawberry.type
class SettlementDeskQueries:
    @strawberry.field(
        description="The fees of a merchant's payments in one currency, those of everybody among "
        "them, newest first."
    )
    async def merchant_fees(
        self, info: Info, merchant_id: strawberry.ID, currency: CurrencyCode
    ) -> list[MerchantFee]:
        info.context.person.require_desk()
        table = await fees.table(ids.parse(merchant_id, ids.Prefix.MERCHANT), currency)
        return [MerchantFee.of(row) for row in table.fees]

    @strawberry.field(description="The provider's statements that were compared, newest first.")
    async def reconciliations(
        self,
        info: Info,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Reconciliation]:
        found = await reconciliation.page(
            by=info.context.person, limit=pages.size(first) + 1, after=pages.parse_cursor(after)
        )
        return pages.page(
            [(row.fetched_at, row.id) for row in found],
            await reconciliations_of(found),
            first,
            after,
        )


@strawberry.type
class SettlementDeskMutations:
    @strawberry.mutation(
        description="Decides what payments to merchants cost; for supervisors and admins."
    )
    async def set_merchant_fee(
        self, info: Info, input: SetMerchantFeeInput
    ) -> SetMerchantFeeResult:
        by, now = info.context.person, info.context.now
        try:
            fee = await fees.set_fee(input.wanted(now), by=by, reason=input.reason, now=now)
        except fees.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MerchantFeeSet(fee=MerchantFee.of(fee))

    @strawberry.mutation(
        description="Has the provider's statement of a day fetched and compared once more; for "
        "supervisors and admins."
    )
    async def run_reconciliation(
        self, info: Info, input: RunReconciliationInput
    ) -> RunReconciliationResult:
        try:
            await reconciliation.ask_again(
                by=info.context.person, day=input.day, reason=input.reason, now=info.context.now
            )
        except reconciliation.RUN_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ReconciliationAsked(day=input.day)
