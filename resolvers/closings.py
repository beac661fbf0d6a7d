"""Closing one's wallet, and one's account."""

from __future__ import annotations

import strawberry

from domain import closings
from schema import ids
from schema.closings import (
    AccountClosed,
    CloseAccountResult,
    ClosedWallet,
    CloseWalletInput,
    CloseWalletResult,
)
from schema.context import Info
from schema.problems.base import named
from schema.wallets import Wallet


@strawberry.type
class ClosingMutations:
    @strawberry.mutation(description="Closes your wallet; there must be nothing in it.")
    async def close_wallet(self, info: Info, input: CloseWalletInput) -> CloseWalletResult:
        context = info.context
        try:
            row = await closings.close_wallet(
                by=context.person,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                now=context.now,
                address=context.client,
            )
        except closings.CLOSE_WALLET_REFUSALS as refusal:
            return named(refusal, context.language)
        return ClosedWallet(wallet=Wallet.of(row, info))

    @strawberry.mutation(
        description="Closes your account for ever, with its wallets, which must be empty. Two "
        "kinds of proof must be fresh: see `proveIdentity`."
    )
    async def close_account(self, info: Info) -> CloseAccountResult:
        context = info.context
        try:
            await closings.close_account(by=context.person, now=context.now, address=context.client)
        except closings.CLOSE_ACCOUNT_REFUSALS as refusal:
            return named(refusal, context.language)
        return AccountClosed(closed_at=context.now)
