"""Reporting that every second factor is lost, and deciding about it."""

from __future__ import annotations

import strawberry

from domain import factor_clearings, factor_losses, second_factors
from domain.refusals import NotFound
from models import factors as rows
from models.people import Person
from schema import ids
from schema.context import Info
from schema.factor_losses import (
    DecideFactorLossInput,
    DecideFactorLossResult,
    FactorLoss,
    FactorLossBegun,
    FactorLossDecided,
    FactorLossReported,
    FactorLossWithdrawn,
    ReportFactorLossInput,
    ReportFactorLossResult,
    VerifyFactorLossInput,
    VerifyFactorLossResult,
    WithdrawFactorLossResult,
)
from schema.pages import FIRST_DEFAULT, After, Connection, First, page, parse_cursor, size
from schema.problems.base import named
from schema.second_factors import SecondFactors


@strawberry.type
class FactorLossMutations:
    @strawberry.mutation(
        description="Begins the report that all second factors are lost; needs nobody to be signed "
        "in. It counts as a try to sign in."
    )
    async def report_factor_loss(
        self, info: Info, input: ReportFactorLossInput
    ) -> ReportFactorLossResult:
        kind = input.contact_kind
        try:
            begun = await factor_losses.report(
                name=input.name,
                password=input.password,
                kind=None if kind is None else kind.value,
                audience=info.context.audience,
                address=info.context.client,
                now=info.context.now,
            )
        except factor_losses.REPORT_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return FactorLossBegun.of(begun)

    @strawberry.mutation(
        description="Lets the report count, by the code that was sent; needs nobody to be signed "
        "in."
    )
    async def verify_factor_loss(
        self, info: Info, input: VerifyFactorLossInput
    ) -> VerifyFactorLossResult:
        try:
            decidable_at = await factor_losses.confirm(
                loss_id=ids.parse(input.loss_id, ids.Prefix.FACTOR_LOSS),
                code=input.code,
                address=info.context.client,
                now=info.context.now,
            )
        except factor_losses.CONFIRM_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return FactorLossReported(decidable_at=decidable_at)

    @strawberry.mutation(description="Says that nothing is lost; any of your sessions can.")
    async def withdraw_factor_loss(self, info: Info) -> WithdrawFactorLossResult:
        by = info.context.person
        try:
            await factor_losses.withdraw(by=by, address=info.context.client, now=info.context.now)
        except factor_losses.WITHDRAW_REFUSALS as refusal:
            return named(refusal, info.context.language)
        standing = await second_factors.standing(by.person_id)
        return FactorLossWithdrawn(second_factors=SecondFactors.of(standing))


@strawberry.type
class FactorLossDeskQueries:
    @strawberry.field(
        description="Reported losses that nobody has decided, for supervisors and admins."
    )
    async def factor_losses(
        self, info: Info, first: First = FIRST_DEFAULT, after: After = None
    ) -> Connection[FactorLoss]:
        if info.context.person.role not in factor_clearings.CHECKERS:
            raise NotFound
        found = await rows.undecided(after=parse_cursor(after), limit=size(first) + 1)
        people = {row.id: row for row in await Person.filter(id__in=[r.person_id for r in found])}
        return page(
            [(row.reported_at, row.id) for row in found if row.reported_at is not None],
            [FactorLoss.of(row, people[row.person_id]) for row in found],
            first,
            after,
        )


@strawberry.type
class FactorLossDeskMutations:
    @strawberry.mutation(
        description="Grants or refuses what somebody who lost their second factors asks for: for "
        "supervisors and admins, about colleagues only for admins, and about oneself for nobody."
    )
    async def decide_factor_loss(
        self, info: Info, input: DecideFactorLossInput
    ) -> DecideFactorLossResult:
        try:
            code = await factor_clearings.decide(
                by=info.context.person,
                loss_id=ids.parse(input.loss_id, ids.Prefix.FACTOR_LOSS),
                outcome=input.decision.value,
                reason=input.reason,
                now=info.context.now,
            )
        except factor_clearings.DECIDE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return FactorLossDecided(recovery_code=code)
