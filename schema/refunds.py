"""Giving money of a payment back, and asking for it: what is put in, and what comes out."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import refunds
from domain.merchants import Actor
from models import refunds as rows
from schema import ids
from schema.context import Info
from schema.money import MoneyInput
from schema.payment_refunds import PaymentRefund
from schema.problems import money as problems
from schema.problems import refunds as refund_problems
from schema.refund_states import RefundReasonInput


@strawberry.input
class RefundPaymentInput:
    payment_id: strawberry.ID
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much; without it, all that can still go back."
    )
    reason: RefundReasonInput
    note: str = strawberry.field(
        default="", description="At most 140 characters. The customer sees it."
    )
    idempotency_key: strawberry.ID = strawberry.field(
        description="The merchant's, 1 to 64 visible ASCII characters; the same key gives the "
        "same refund, whoever of the merchant's people or programs sends it."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )

    def wish(self) -> refunds.Wish:
        return _wish(self.payment_id, self.amount, self.reason, self.note)


@strawberry.input
class ApproveRefundInput:
    refund_id: strawberry.ID = strawberry.field(description="Of a `PaymentRefund`.")
    idempotency_key: strawberry.ID = strawberry.field(
        description="The merchant's, 1 to 64 visible ASCII characters; the same key gives the "
        "same answer."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.input
class RetryRefundInput:
    refund_id: strawberry.ID = strawberry.field(description="Of a `PaymentRefund` that failed.")
    idempotency_key: strawberry.ID = strawberry.field(
        description="The merchant's, 1 to 64 visible ASCII characters: another one for each try."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.input
class RejectRefundInput:
    refund_id: strawberry.ID = strawberry.field(description="Of a `PaymentRefund`.")
    note: str = strawberry.field(
        default="", description="Why not; at most 140 characters. The customer reads it."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.input
class RequestRefundInput:
    payment_id: strawberry.ID = strawberry.field(description="A payment of yours.")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much; without it, all that can still go back."
    )
    reason: RefundReasonInput
    note: str = strawberry.field(
        default="", description="At most 140 characters. The merchant reads it."
    )

    def wish(self) -> refunds.Wish:
        return _wish(self.payment_id, self.amount, self.reason, self.note)


@strawberry.input
class WithdrawRefundRequestInput:
    refund_id: strawberry.ID = strawberry.field(description="Of a `PaymentRefund` you asked for.")


def _wish(
    payment_id: strawberry.ID, amount: MoneyInput | None, reason: RefundReasonInput, note: str
) -> refunds.Wish:
    return refunds.Wish(
        payment_id=ids.parse(payment_id, ids.Prefix.MERCHANT_PAYMENT),
        amount=None if amount is None else amount.amount_minor,
        currency=None if amount is None else amount.currency,
        reason=rows.RefundReason[reason.name],
        note=note,
    )


@strawberry.type(description="The money is in the wallet that paid.")
class RefundCompleted:
    refund: PaymentRefund


@strawberry.type(
    description="The merchant gave the money, and uPay keeps it until the wallet that paid is open."
)
class RefundPending:
    refund: PaymentRefund


@strawberry.type(description="No money moved, and that is recorded: see `refund.failure`.")
class RefundFailed:
    refund: PaymentRefund


@strawberry.type(description="The merchant said no.")
class RefundRejected:
    refund: PaymentRefund


@strawberry.type(description="The merchant was asked, and has a week to answer.")
class RefundRequested:
    refund: PaymentRefund


@strawberry.type(description="The merchant is no longer asked.")
class RefundRequestWithdrawn:
    refund: PaymentRefund


RefundGiven = RefundCompleted | RefundPending | RefundFailed
RefundPaymentResult = Annotated[
    RefundCompleted
    | RefundPending
    | RefundFailed
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | problems.NoteInvalid
    | refund_problems.PaymentNotCaptured
    | refund_problems.RefundWindowClosed
    | refund_problems.RefundExceeds,
    strawberry.union("RefundPaymentResult"),
]
ApproveRefundResult = Annotated[
    RefundCompleted
    | RefundPending
    | RefundFailed
    | problems.KeyInvalid
    | problems.KeyReused
    | refund_problems.RefundExceeds
    | refund_problems.RefundDecided,
    strawberry.union("ApproveRefundResult"),
]
RetryRefundResult = Annotated[
    RefundCompleted
    | RefundPending
    | RefundFailed
    | problems.KeyInvalid
    | problems.KeyReused
    | refund_problems.RefundExceeds
    | refund_problems.RefundNotFailed,
    strawberry.union(
        "RetryRefundResult",
        description="A repeated key answers with what became of the refund since.",
    ),
]
RejectRefundResult = Annotated[
    RefundRejected | problems.NoteInvalid | refund_problems.RefundDecided,
    strawberry.union("RejectRefundResult"),
]
RequestRefundResult = Annotated[
    RefundRequested
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | problems.NoteInvalid
    | refund_problems.PaymentNotCaptured
    | refund_problems.RefundWindowClosed
    | refund_problems.RefundExceeds
    | refund_problems.RefundAlreadyRequested,
    strawberry.union("RequestRefundResult"),
]
WithdrawRefundRequestResult = Annotated[
    RefundRequestWithdrawn | refund_problems.RefundDecided,
    strawberry.union("WithdrawRefundRequestResult"),
]


def given(row: rows.Refund, actor: Actor, info: Info) -> RefundGiven:
    """How a refund that was given stands, as the type that says so."""
    refund = PaymentRefund.of(row, info, actor=actor)
    match row.status:
        case rows.RefundStatus.SUCCEEDED:
            return RefundCompleted(refund=refund)
        case rows.RefundStatus.PENDING:
            return RefundPending(refund=refund)
        case _:
            return RefundFailed(refund=refund)
