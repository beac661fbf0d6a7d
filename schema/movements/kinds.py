"""Movements as a client sees them: what all have in common, and a type for each kind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.merchants import Actor
from models import movements as rows
from schema import ids
from schema.context import Info
from schema.money import Money, Sequence
from schema.movements.failures import Failure
from schema.movements.parties import Party, PartyKind
from schema.movements.states import Direction, MovementStatus
from schema.nodes import Node

if TYPE_CHECKING:
    from schema.bank_accounts import BankAccount
    from schema.notices import PaymentNotice
    from schema.payment_refunds import PaymentRefund
    from schema.receipts import Receipt


@strawberry.interface(description="Anything that moves money, from what was asked to how it ended.")
class Movement(Node):
    status: MovementStatus
    amount: Money = strawberry.field(description="What the receiving side gets.")
    fee: Money = strawberry.field(description="What the paying side pays on top.")
    note: str = strawberry.field(description="What the payer wrote; may be empty.")
    created_at: datetime
    settled_at: datetime | None = strawberry.field(description="When it became final.")
    head_seq: Sequence = strawberry.field(
        description="The last event of this movement; subscribe after it to miss nothing."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")
    source: Party = strawberry.field(description="Who pays.")
    target: Party = strawberry.field(description="Who receives.")
    row: strawberry.Private[rows.Movement]

    @strawberry.field(description="The side that is not you; the receiving one if neither is.")
    def counterparty(self) -> Party:
        return self.source if self.target.is_me else self.target

    @strawberry.field(description="Which way the money goes for you; null if neither side is you.")
    def direction(self) -> Direction | None:
        if self.source.is_me:
            return Direction.OUT
        return Direction.IN if self.target.is_me else None

    @strawberry.field(description="Why it failed; null unless it did.")
    def failure(self, info: Info) -> Failure | None:
        return Failure.of(self.row, info)

    @strawberry.field(
        description="What to know while it waits; null when it ended or goes its ordinary way."
    )
    def notice(
        self, info: Info
    ) -> Annotated[PaymentNotice, strawberry.lazy("schema.notices")] | None:
        from schema import notices  # It reads what is prepared, which this module does not.

        return notices.of_movement(self.row, info)

    @strawberry.field(description="What proves to others how it ended; null until it is final.")
    async def receipt(
        self, info: Info
    ) -> Annotated[Receipt, strawberry.lazy("schema.receipts")] | None:
        from schema import receipts  # It imports this module.

        return await receipts.Receipt.of(self.row, info)


@strawberry.type(description="Money from one person to another.")
class Transfer(Movement):
    arrives_at: datetime | None = strawberry.field(
        description="When a delayed transfer arrives; null when it goes at once."
    )
    returns_at: datetime | None = strawberry.field(
        default=None,
        description="When money for a telephone number goes back unless it is claimed; null of "
        "other transfers, and once it is final.",
    )

    @strawberry.field(description="Whether `cancelTransfer` could still call it back.")
    def is_cancellable(self) -> bool:
        return self.row.status is rows.MovementStatus.PENDING


@strawberry.type(description="Money from a bank card into a wallet.")
class TopUp(Movement):
    @strawberry.field(description="The card or account that pays; null where the bank asked you.")
    async def bank_account(
        self, info: Info
    ) -> Annotated[BankAccount, strawberry.lazy("schema.bank_accounts")] | None:
        return await _bank_account(self.row, info)


@strawberry.type(description="A correction or a gift by uPay, made by the books.")
class Adjustment(Movement):
    pass


@strawberry.type(description="Money of a payment that a merchant gives back, or tried to.")
class Refund(Movement):
    actor: strawberry.Private[Actor | None] = None

    @strawberry.field(description="What it belongs to: a refund that failed is tried again.")
    async def refund(
        self, info: Info
    ) -> Annotated[PaymentRefund, strawberry.lazy("schema.payment_refunds")]:
        from schema import payment_refunds  # It imports this module.

        row = await info.context.loaders.tries.load(self.row.id)
        return payment_refunds.PaymentRefund.of(row, info, actor=self.actor)


@strawberry.type(description="Money from a wallet to a bank account.")
class Withdrawal(Movement):
    @strawberry.field(description="Where the money goes; null where that was never noted.")
    async def bank_account(
        self, info: Info
    ) -> Annotated[BankAccount, strawberry.lazy("schema.bank_accounts")] | None:
        return await _bank_account(self.row, info)

    @strawberry.field(description="Whether `cancelWithdrawal` could still take it back.")
    async def is_cancellable(self, info: Info) -> bool:
        if self.row.status not in _CANCELLABLE:
            return False
        end = await info.context.loaders.bank_ends.load(self.row.id)
        return end is None or not end.is_told


@strawberry.type(description="A withdrawal that the bank sent back, in the wallet again.")
class WithdrawalReturn(Movement):
    @strawberry.field(description="The withdrawal; null for a merchant's payout.")
    def withdrawal_id(self) -> strawberry.ID | None:
        if self.row.origin_id is None or self.target.kind is PartyKind.MERCHANT:
            return None
        return strawberry.ID(ids.public(ids.Prefix.WITHDRAWAL, self.row.origin_id))


@strawberry.type(description="A top-up that the bank took back out of the wallet.")
class TopUpReversal(Movement):
    @strawberry.field(description="The top-up that was taken back.")
    def top_up_id(self) -> strawberry.ID | None:
        if self.row.origin_id is None:
            return None
        return strawberry.ID(ids.public(ids.Prefix.TOP_UP, self.row.origin_id))


@strawberry.type(description="What a settlement brings to a merchant's bank account.")
class Payout(Movement):
    pass


@strawberry.type(description="What the payments of a settlement cost their merchant.")
class SettlementFee(Movement):
    pass


_CANCELLABLE = frozenset({rows.MovementStatus.PENDING, rows.MovementStatus.IN_REVIEW})


async def _bank_account(row: rows.Movement, info: Info) -> BankAccount | None:
    from schema import bank_accounts  # Not needed to load this module.

    end = await info.context.loaders.bank_ends.load(row.id)
    if end is None or end.account is None:
        return None
    return bank_accounts.BankAccount.of(end.account)
