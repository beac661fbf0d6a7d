"""Opening a wallet, and looking into one."""

from __future__ import annotations

import strawberry

from domain import wallets
from domain.refusals import NotFound
from models.wallets import Account, AccountKind
from schema import ids
from schema.context import Info
from schema.problems.base import named
from schema.wallets import OpenWalletInput, OpenWalletResult, Wallet, WalletOpened


@strawberry.type
class WalletQueries:
    @strawberry.field(description="One of your wallets.")
    async def wallet(self, info: Info, id: strawberry.ID) -> Wallet:
        row = await Account.get_or_none(
            owner_id=info.context.person.person_id,
            id=ids.parse(id, ids.Prefix.WALLET),
            kind=AccountKind.WALLET,
        )
        if row is None:
            raise NotFound
        return Wallet.of(row, info)


@strawberry.type
class WalletMutations:
    @strawberry.mutation(
        description="Opens your wallet in a currency, or answers with the one you have."
    )
    async def open_wallet(self, info: Info, input: OpenWalletInput) -> OpenWalletResult:
        try:
            row = await wallets.open_wallet(
                info.context.person.person_id, input.currency, info.context.now
            )
        except wallets.OPEN_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return WalletOpened(wallet=Wallet.of(row, info))
