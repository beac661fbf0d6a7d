"""Transfers: prepare, look, prove, done."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, cast

import strawberry

from domain import transfers
from models import movements as rows
from models import quotes
from schema import ids
from schema.context import Info
from schema.money import Money, MoneyInput, money
from schema.movements import Transfer, movement
from schema.payees import Payee, PayeeInput
from schema.problems import money as problems
from schema.problems import receive_codes as code_problems


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
        description="What the payee gets. Only when `payee` is a code with an amount may it be "
        "left out; given beside one, it must be the same.",
    )
    note: str = strawberry.field(
        default="",
        description="Shown to both sides; at most 140 characters. Without one, the code's own.",
    )
    arrival: TransferArrival = TransferArrival.NOW


@strawberry.type(description="What a transfer will do and cost; lives five minutes.")
class Quote:
    id: strawberry.ID
    amount: Money = strawberry.field(description="What the payee gets.")
    fee: Money
    total: Money = strawberry.field(description="What leaves the wallet: amount and fee.")
    payee: Payee
    is_new_payee: bool = strawberry.field(description="Whether you never paid them before.")
    note: str
    arrival: TransferArrival
    expires_at: datetime


@strawberry.enum(description="A way to prove that it is you.")
class ProofMethod(Enum):
    PIN = "pin"


@strawberry.type(description="What must be proved for exactly one quote, once.")
class Challenge:
    id: strawberry.ID
    methods: list[ProofMethod] = strawberry.field(description="Any one of these is enough.")
    expires_at: datetime


@strawberry.type(description="Nothing moved yet: look at the quote, then confirm.")
class TransferPrepared:
    quote: Quote
    challenge: Challenge

    @classmethod
    def of(cls, prepared: transfers.Prepared) -> TransferPrepared:
        return cls(quote=_quote(prepared), challenge=_challenge(prepared.challenge))


def _quote(prepared: transfers.Prepared) -> Quote:
    row = prepared.quote
    return Quote(
        id=strawberry.ID(ids.public(ids.Prefix.QUOTE, row.id)),
        amount=money(row.amount, row.currency),
        fee=money(row.fee, row.currency),
        total=money(row.amount + row.fee, row.currency),
        payee=Payee.of(prepared.payee),
        is_new_payee=prepared.is_new_payee,
        note=row.note,
        arrival=TransferArrival(transfers.Arrival(row.arrival)),
        expires_at=row.expires_at,
    )


def _challenge(row: quotes.Challenge) -> Challenge:
    return Challenge(
        id=strawberry.ID(ids.public(ids.Prefix.CHALLENGE, row.id)),
        methods=[ProofMethod.PIN],
        expires_at=row.expires_at,
    )


@strawberry.input(description="Proof that it is you.", one_of=True)
class ProofInput:
    pin: strawberry.Maybe[str]

    def given_pin(self) -> str:
        """The PIN; one of the ways is always given, and there is only this one yet."""
        assert self.pin is not None
        return self.pin.value


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
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | problems.NoteInvalid
    | problems.PayeeNotFound
    | problems.SelfPayment
    | problems.PayeeCannotReceive
    | code_problems.QrInvalid
    | code_problems.QrForeign
    | code_problems.QrTampered
    | code_problems.QrExpired
    | code_problems.CodeAmountDiffers
    | problems.WalletClosed
    | problems.FrozenByOwner
    | problems.AccountRestricted
    | problems.InsufficientFunds
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
    | problems.ChallengeSpent
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
        case rows.MovementStatus.PENDING | rows.MovementStatus.UNKNOWN:
            return TransferPending(transfer=transfer)
