"""Money that waits for a telephone number: seen and claimed by whoever has proved it."""

from __future__ import annotations

from typing import Final, cast

import strawberry

from domain import amounts, payees, unclaimed
from domain.refusals import Refusal
from models.unclaimed import waiting_for
from schema import ids
from schema.context import Info
from schema.movements import Transfer, movement
from schema.problems.base import named
from schema.unclaimed import (
    ClaimableTransfer,
    ClaimTransferInput,
    ClaimTransferResult,
    TransferClaimed,
)

MOST_SHOWN: Final = 20

# Elsewhere these two are about a payee and an amount that were typed.
_FIELDS: Final[dict[type[Refusal], str]] = {
    payees.SelfPayment: "transferId",
    amounts.CurrencyMismatch: "walletId",
}


@strawberry.type
class UnclaimedQueries:
    @strawberry.field(
        description="What waits for telephone numbers that you have proved, at most twenty, what "
        "goes back soonest first."
    )
    async def claimable_transfers(self, info: Info) -> list[ClaimableTransfer]:
        by, now = info.context.person, info.context.now
        found = await waiting_for(by.person_id, now, limit=MOST_SHOWN)
        return [ClaimableTransfer.of(row, info) for row in found]


@strawberry.type
class UnclaimedMutations:
    @strawberry.mutation(
        description="Takes money that waits for a telephone number of yours into a wallet, once."
    )
    async def claim_transfer(self, info: Info, input: ClaimTransferInput) -> ClaimTransferResult:
        by = info.context.person
        try:
            row = await unclaimed.claim(
                by=by.person_id,
                transfer_id=ids.parse(input.transfer_id, ids.Prefix.TRANSFER),
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                key=input.idempotency_key,
                now=info.context.now,
            )
        except unclaimed.CLAIM_REFUSALS as refusal:
            return named(refusal, info.context.language, field=_FIELDS.get(type(refusal)))
        return TransferClaimed(transfer=cast("Transfer", await movement(row, info)))
