"""Transfers: prepare, look, prove, done."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, cast

import strawberry

from domain import transfers
from models import movements as rows
from schema import ids
from schema.challenges import Challenge, ProofInput
from schema.context import Info
from schema.limits import Limit
from schema.money import Money, MoneyInput, money
from schema.movements import Transfer, movement
from schema.notices import PaymentNotice, of_quote
from schema.payees import Payee, PayeeInput
from schema.problems import acquaintances as acquaintance_problems
from schema.problems import challenges as challenge_problems
from schema.problems import limits as limit_problems
from schema.problems import money as problems
from schema.problems import receive_codes as code_problems
from schema.problems.passkeys import PasskeyRefused
from schema.problems.risk import PaymentDeclined
from schema.problems.sessions import SignInLocked
from schema.problems.unclaimed import TooManyUnclaimed
from schema.unclaimed import UnclaimedTransferPrepared


@strawberry.enum(description="When a transfer arrives; until then it can be cancelled.")
class TransferArrival(Enum):
    NOW = transfers.Arrival.NOW
    TWO_HOURS = transfers.Arrival.TWO_HOURS
    NEXT_DAY = strawberry.enum_value(transfers.Arrival.NEXT_DAY, description="After 24 hours.")


@strawberry.input
class PrepareTransferInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet that pays; yours.")
    payee: PayeeInput
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="What the payee gets. Only when `payee` is a code with an amount or a request "
        "may it be left out; given beside one, it must be the same.",
    )
    note: str = strawberry.field(
        default="",
        description="Shown to both sides; at most 140 characters. Without one, the code's own.",
    )
    arrival: TransferArrival = TransferArrival.NOW
    payee_surname: str | None = strawberry.field(
        default=None,
        description="Checked against the payee's name, if given; three a day may be wrong.",
    )
    to_unclaimed_phone: bool = strawberry.field(
        default=False,
        description="Where nobody has proved `payee.phone`, send to the number itself: it waits a "
        "day for whoever proves it. See `UnclaimedTransferPrepared`.",
    )


@strawberry.type(description="What a transfer will do and cost; lives five minutes.")
class Quote:
    id: strawberry.ID
    amount: Money = strawberry.field(description="What the payee gets.")
    fee: Money
    total: Money = strawberry.field(description="What leaves the wallet: amount and fee.")
    payee: Payee
    is_new_payee: bool = strawberry.field(description="Whether you never paid them before.")
    note: str
    arrival: TransferArrival = strawberry.field(
        description="When it arrives; see `isSlowed` where that is later than was asked for."
    )
    is_slowed: bool = strawberry.field(
        description="It arrives later than was asked for, so that it can be called back until then."
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


@strawberry.type(description="Nothing moved yet: look at the quote, then confirm.")
class TransferPrepared:
    quote: Quote
    challenge: Challenge

    @classmethod
    def of(cls, prepared: transfers.Prepared, info: Info) -> TransferPrepared:
        shown = prepared.shown
        return cls(
            quote=_quote(prepared, info), challenge=Challenge.of(shown.challenge, shown.ways)
        )


def _quote(prepared: transfers.Prepared, info: Info) -> Quote:
    row = prepared.shown.quote
    return Quote(
        id=strawberry.ID(ids.public(ids.Prefix.QUOTE, row.id)),
        amount=money(row.amount, row.currency),
        fee=money(row.fee, row.currency),
        total=money(row.amount + row.fee, row.currency),
        payee=Payee.of(prepared.payee),
        is_new_payee=prepared.is_new_payee,
        note=row.note,
        arrival=TransferArrival(transfers.Arrival(row.arrival)),
        is_slowed=row.is_slowed,
        is_reviewed=row.is_reviewed,
        limits_after=[Limit.of(each, row.currency) for each in prepared.shown.limits_after],
        notices=of_quote(prepared.shown, info),
        expires_at=row.expires_at,
    )


@strawberry.input(
    description="Only what was prepared can be confirmed: neither amount nor payee is sent again."
)
class ConfirmTransferInput:
    quote_id: strawberry.ID
    challenge_id: strawberry.ID
    proof: ProofInput
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.input
class CancelTransferInput:
    transfer_id: strawberry.ID
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.type(description="The money moved.")
class TransferCompleted:
    transfer: Transfer


@strawberry.type(description="The money is set aside and arrives later.")
class TransferPending:
    transfer: Transfer


@strawberry.type(description="No money moved, and that is recorded: see `transfer.failure`.")
class TransferFailed:
    transfer: Transfer


@strawberry.type(description="The money set aside is yours again.")
class TransferCancelled:
    transfer: Transfer

    @classmethod
    async def of(cls, row: rows.Movement, info: Info) -> TransferCancelled:
        return cls(transfer=cast("Transfer", await movement(row, info)))


PrepareTransferResult = Annotated[
    TransferPrepared
    | UnclaimedTransferPrepared
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | problems.NoteInvalid
    | problems.PayeeNotFound
    | problems.SelfPayment
    | problems.PayeeCannotReceive
    | problems.PayeeLimitExceeded
    | code_problems.QrInvalid
    | code_problems.QrForeign
    | code_problems.QrTampered
    | code_problems.QrExpired
    | code_problems.QrOfAnotherKind
    | code_problems.CodeAmountDiffers
    | acquaintance_problems.RequestClosed
    | acquaintance_problems.RequestAmountDiffers
    | acquaintance_problems.PayeeNameMismatch
    | acquaintance_problems.PayeeNamesPaused
    | TooManyUnclaimed
    | problems.WalletClosed
    | problems.FrozenByOwner
    | problems.AccountRestricted
    | problems.InsufficientFunds
    | problems.FundsOnHold
    | limit_problems.IdentityRequired
    | limit_problems.PaymentLimitExceeded
    | limit_problems.PaymentCountExceeded
    | limit_problems.DayLimitExceeded
    | limit_problems.MonthLimitExceeded
    | limit_problems.YearLimitExceeded
    | limit_problems.OwnLimitExceeded
    | PaymentDeclined
    | problems.PinNotSet,
    strawberry.union("PrepareTransferResult"),
]
ConfirmTransferResult = Annotated[
    TransferCompleted
    | TransferPending
    | TransferFailed
    | TransferCancelled
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.QuoteExpired
    | problems.IntentChanged
    | acquaintance_problems.RequestClosed
    | problems.ChallengeSpent
    | challenge_problems.ProofTooWeak
    | challenge_problems.ProofWrong
    | PasskeyRefused
    | SignInLocked
    | problems.PinNotSet
    | problems.WrongPin
    | problems.PinLocked
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union(
        "ConfirmTransferResult",
        description="A repeated key answers with what became of the transfer since.",
    ),
]
CancelTransferResult = Annotated[
    TransferCancelled
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.CannotCancel
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union("CancelTransferResult"),
]


async def outcome(
    row: rows.Movement, info: Info
) -> TransferCompleted | TransferPending | TransferFailed | TransferCancelled:
    """How a transfer stands, as the type that says so."""
    transfer = cast("Transfer", await movement(row, info))
    match row.status:
        case rows.MovementStatus.COMPLETED:
            return TransferCompleted(transfer=transfer)
        case rows.MovementStatus.FAILED:
            return TransferFailed(transfer=transfer)
        case rows.MovementStatus.CANCELLED:
            return TransferCancelled(transfer=transfer)
        case (
            rows.MovementStatus.PENDING
            | rows.MovementStatus.IN_REVIEW
            | rows.MovementStatus.UNKNOWN
        ):
            return TransferPending(transfer=transfer)
