"""Setting one's own limits."""

from __future__ import annotations

import strawberry

from domain import own_limits
from schema import ids
from schema.context import Info
from schema.limits import (
    OwnLimitRaiseAsked,
    OwnLimitRaiseWithdrawn,
    OwnLimitSet,
    SetOwnLimitInput,
    SetOwnLimitResult,
    WithdrawOwnLimitRaiseInput,
    WithdrawOwnLimitRaiseResult,
)
from schema.problems.base import named
from schema.wallets import Wallet


@strawberry.type
class LimitMutations:
    @strawberry.mutation(
        description="Limits what may leave your wallet. A lower limit holds at once; a higher one, "
        "or none, after a day, and needs a fresh proof: see `proveIdentity`."
    )
    async def set_own_limit(self, info: Info, input: SetOwnLimitInput) -> SetOwnLimitResult:
        amount = input.amount
        try:
            done = await own_limits.set_limit(
                by=info.context.person,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                kind=input.kind.value,
                amount=None if amount is None else amount.amount_minor,
                currency=None if amount is None else amount.currency,
                now=info.context.now,
            )
        except own_limits.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        wallet = Wallet.of(done.wallet, info)
        if done.asked is None:
            return OwnLimitSet(wallet=wallet)
        return OwnLimitRaiseAsked(wallet=wallet, raises_at=done.asked.due_at)

    @strawberry.mutation(description="Lets your limit stay as it is, before a higher one holds.")
    async def withdraw_own_limit_raise(
        self, info: Info, input: WithdrawOwnLimitRaiseInput
    ) -> WithdrawOwnLimitRaiseResult:
        try:
            row = await own_limits.withdraw_raise(
                by=info.context.person,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                kind=input.kind.value,
                now=info.context.now,
            )
        except own_limits.WITHDRAW_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return OwnLimitRaiseWithdrawn(wallet=Wallet.of(row, info))
