"""Setting up an authenticator app, taking it away, and codes for when it is gone."""

from __future__ import annotations

import strawberry

from domain import recovery_codes, second_factors, totps
from schema.context import Info
from schema.problems.base import named
from schema.second_factors import (
    FinishTotpInput,
    FinishTotpResult,
    MakeRecoveryCodesResult,
    RecoveryCodesMade,
    RemoveTotpResult,
    SecondFactors,
    StartTotpResult,
    TotpConfirmed,
    TotpRemoved,
    TotpStarted,
)


@strawberry.type
class SecondFactorMutations:
    @strawberry.mutation(
        description="Begins to set up an authenticator app; one in force stays in force until "
        "`finishTotp`, and to replace it needs a second factor as a proof."
    )
    async def start_totp(self, info: Info) -> StartTotpResult:
        try:
            started = await totps.start(by=info.context.person, now=info.context.now)
        except totps.START_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TotpStarted.of(started)

    @strawberry.mutation(
        description="Puts the app in force that was begun in this session, by a first code of it."
    )
    async def finish_totp(self, info: Info, input: FinishTotpInput) -> FinishTotpResult:
        try:
            codes = await totps.confirm(
                by=info.context.person,
                code=input.code,
                address=info.context.client,
                now=info.context.now,
            )
        except totps.CONFIRM_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TotpConfirmed(recovery_codes=codes)

    @strawberry.mutation(description="Takes the authenticator app away, and ends other sessions.")
    async def remove_totp(self, info: Info) -> RemoveTotpResult:
        by = info.context.person
        try:
            await totps.remove(by=by, address=info.context.client, now=info.context.now)
        except totps.REMOVE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        standing = await second_factors.standing(by.person_id)
        return TotpRemoved(second_factors=SecondFactors.of(standing))

    @strawberry.mutation(description="Gives ten fresh recovery codes; those there were are void.")
    async def make_recovery_codes(self, info: Info) -> MakeRecoveryCodesResult:
        try:
            codes = await recovery_codes.make(
                by=info.context.person, address=info.context.client, now=info.context.now
            )
        except recovery_codes.MAKE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RecoveryCodesMade(recovery_codes=codes)
