"""Transfers to telephone numbers that are nobody's yet: shown, found by who proves one, claimed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain import transfers, unclaimed
from models.unclaimed import Waiting
from schema import ids
from schema.challenges import Challenge
from schema.context import Info
from schema.limits import Limit
from schema.money import CurrencyCode, Money, money
from schema.movements import Transfer, masked_person
from schema.notices import PaymentNotice, of_quote
from schema.problems import money as problems
from schema.problems.unclaimed import NotClaimable


@strawberry.type(
    description="What a transfer to a telephone number will do and cost; lives five minutes. The "
    "number gets a text message, and whoever proves it can claim the money; until then you can "
    "cancel it."
)
class UnclaimedQuote:
    id: strawberry.ID
    amount: Money = strawberry.field(description="What whoever claims it gets.")
    fee: Money
    total: Money = strawberry.field(description="What is set aside: amount and fee.")
    masked_phone: str
    note: str
    waits_hours: int = strawberry.field(
        description="How long it can be claimed, in hours; then it goes back by itself."
    )
    claimable_after_hours: int = strawberry.field(
        description="In how many hours it can be claimed; 0 for at once."
    )
    is_slowed: bool = strawberry.field(
        description="It can be claimed later than was asked for, so that you can call it back."
    )
    is_reviewed: bool = strawberry.field(
        description="The money is set aside until somebody at uPay has looked, within a day."
    )
    limits_after: list[Limit] = strawberry.field(
        description="How the wallet's limits will stand after it."
    )
    notices: list[PaymentNotice] = strawberry.field(
        description="What the payer should know before confirming; show them all."
    )
    expires_at: datetime


@strawberry.type(
    description="Nobody has proved that number. Nothing moved yet: look at the quote, then confirm "
    "as any transfer."
)
class UnclaimedTransferPrepared:
    unclaimed_quote: UnclaimedQuote
    challenge: Challenge

    @classmethod
    def of(cls, prepared: transfers.PreparedToPhone, info: Info) -> UnclaimedTransferPrepared:
        shown, row = prepared.shown, prepared.shown.quote
        delay = transfers.Arrival(row.arrival).delay
        quote = UnclaimedQuote(
            id=strawberry.ID(ids.public(ids.Prefix.QUOTE, row.id)),
            amount=money(row.amount, row.currency),
            fee=money(row.fee, row.currency),
            total=money(row.amount + row.fee, row.currency),
            masked_phone=prepared.masked_phone,
            note=row.note,
            waits_hours=int(unclaimed.LIVES.total_seconds() // 3600),
            claimable_after_hours=0 if delay is None else int(delay.total_seconds() // 3600),
            is_slowed=row.is_slowed,
            is_reviewed=row.is_reviewed,
            limits_after=[Limit.of(each, row.currency) for each in shown.limits_after],
            notices=of_quote(shown, info),
            expires_at=row.expires_at,
        )
        return cls(unclaimed_quote=quote, challenge=Challenge.of(shown.challenge, shown.ways))


@strawberry.type(description="Money that waits for a telephone number which you have proved.")
class ClaimableTransfer:
    id: strawberry.ID = strawberry.field(description="For `claimTransfer`.")
    masked_payer: str = strawberry.field(
        description="Enough to recognise somebody you know. Claim nothing from others."
    )
    amount: Money
    currency: CurrencyCode = strawberry.field(description="Claim it into a wallet in this.")
    note: str
    claimable_from: datetime
    expires_at: datetime = strawberry.field(description="When it goes back to its payer.")

    @classmethod
    def of(cls, row: Waiting, info: Info) -> ClaimableTransfer:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.TRANSFER, row.movement_id)),
            masked_payer=masked_person(row.payer, info.context.language),
            amount=money(row.amount, row.currency),
            currency=CurrencyCode(row.currency),
            note=row.note,
            claimable_from=row.claimable_at,
            expires_at=row.expires_at,
        )


@strawberry.input
class ClaimTransferInput:
    transfer_id: strawberry.ID = strawberry.field(description="One of `claimableTransfers`.")
    wallet_id: strawberry.ID = strawberry.field(description="Where the money goes; yours.")
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.type(description="The money is in your wallet.")
class TransferClaimed:
    transfer: Transfer


ClaimTransferResult = Annotated[
    TransferClaimed
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.SelfPayment
    | problems.CurrencyMismatch
    | problems.WalletClosed
    | NotClaimable,
    strawberry.union("ClaimTransferResult"),
]
