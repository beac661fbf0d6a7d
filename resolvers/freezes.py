"""Freezing one's own payments, and lifting that."""

from __future__ import annotations

import strawberry

from domain import freezes
from schema.context import Info
from schema.freezes import PaymentsFrozen, PaymentsUnfrozen, UnfreezePaymentsResult
from schema.people import Person
from schema.problems.base import named


@strawberry.type
class FreezeMutations:
    @strawberry.mutation(
        description="Lets nothing leave your wallets, at once; a session is all it takes."
    )
    async def freeze_payments(self, info: Info) -> PaymentsFrozen:
        context = info.context
        row = await freezes.freeze_own(by=context.person, now=context.now, address=context.client)
        return PaymentsFrozen(person=Person.of(row))

    @strawberry.mutation(
        description="Lifts your own freeze; two kinds of proof must be fresh: see `proveIdentity`."
    )
    async def unfreeze_payments(self, info: Info) -> UnfreezePaymentsResult:
        context = info.context
        try:
            row = await freezes.unfreeze_own(
                by=context.person, now=context.now, address=context.client
            )
        except freezes.UNFREEZE_REFUSALS as refusal:
            return named(refusal, context.language)
        return PaymentsUnfrozen(person=Person.of(row))
