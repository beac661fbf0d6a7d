"""Withdrawals: prepare, look, prove, then the bank."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

import strawberry

from domain import withdrawals
from models import movements as rows
from schema import ids
from schema.bank_accounts import BankAccount
from schema.challenges import Challenge, ProofInput
from schema.context import Info
from schema.limits import Limit
from schema.money import Money, MoneyInput, money
from schema.movements import Withdrawal, movement
from schema.notices import PaymentNotice, of_quote
from schema.problems import bank_accounts as account_problems
from schema.problems import challenges as challenge_problems
from schema.problems import limits as limit_problems
from schema.problems import money as problems
from schema.problems import withdrawals as withdrawal_problems
from schema.problems.passkeys import PasskeyRefused
from schema.problems.risk import PaymentDeclined
from schema.problems.sessions import SignInLocked


@strawberry.input
class PrepareWithdrawalInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet that pays; yours.")
    bank_account_id: strawberry.ID = strawberry.field(description="Where it goes; yours, too.")
    amount: MoneyInput = strawberry.field(
        description="What arrives at the bank. In demo and test mode the last two digits choose "
        "how the simulated bank behaves: see docs/reference/simulator.md."
    )


@strawberry.type(description="What a withdrawal will do and cost; lives five minutes.")
class WithdrawalQuote:
    id: strawberry.ID
    amount: Money = strawberry.field(description="What arrives at the bank.")
    fee: Money
    total: Money = strawberry.field(description="What leaves the wallet: amount and fee.")
    bank_account: BankAccount
    is_new_account: bool = strawberry.field(
        description="Whether nothing was withdrawn to it before."
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
class WithdrawalPrepared:
    quote: WithdrawalQuote
    challenge: Challenge

    @classmethod
    def of(cls, prepared: withdrawals.Prepared, info: Info) -> WithdrawalPrepared:
        shown = prepared.shown
        return cls(
            quote=_quote(prepared, info), challenge=Challenge.of(shown.challenge, shown.ways)
        )


def _quote(prepared: withdrawals.Prepared, info: Info) -> WithdrawalQuote:
    row, account = prepared.shown.quote, prepared.account
    return WithdrawalQuote(
        id=strawberry.ID(ids.public(ids.Prefix.QUOTE, row.id)),
        amount=money(row.amount, row.currency),
        fee=money(row.fee, row.currency),
        total=money(row.amount + row.fee, row.currency),
        bank_account=BankAccount.of(account),
        is_new_account=prepared.is_new_account,
        is_reviewed=row.is_reviewed,
        limits_after=[Limit.of(each, row.currency) for each in prepared.shown.limits_after],
        notices=of_quote(prepared.shown, info),
        expires_at=row.expires_at,
    )


@strawberry.input(
    description="Only what was prepared can be confirmed: neither amount nor bank account is sent "
    "again."
)
class ConfirmWithdrawalInput:
    quote_id: strawberry.ID
    challenge_id: strawberry.ID
    proof: ProofInput
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.input
class CancelWithdrawalInput:
    withdrawal_id: strawberry.ID
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.type(
    description="The money is set aside, and the bank is being asked; follow the withdrawal with "
    "`movementUpdated`."
)
class WithdrawalStarted:
    withdrawal: Withdrawal


@strawberry.type(description="The bank has paid it out.")
class WithdrawalCompleted:
    withdrawal: Withdrawal


@strawberry.type(description="No money left, and that is recorded: see `withdrawal.failure`.")
class WithdrawalFailed:
    withdrawal: Withdrawal


@strawberry.type(description="The money set aside is yours again.")
class WithdrawalCancelled:
    withdrawal: Withdrawal

    @classmethod
    async def of(cls, row: rows.Movement, info: Info) -> WithdrawalCancelled:
        return cls(withdrawal=cast("Withdrawal", await movement(row, info)))


PrepareWithdrawalResult = Annotated[
    WithdrawalPrepared
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | account_problems.BankAccountUnusable
    | account_problems.BankAccountCooling
    | withdrawal_problems.BankCurrencyDiffers
    | withdrawal_problems.WithdrawalsUnavailable
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
    strawberry.union("PrepareWithdrawalResult"),
]
ConfirmWithdrawalResult = Annotated[
    WithdrawalStarted
    | WithdrawalCompleted
    | WithdrawalFailed
    | WithdrawalCancelled
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.QuoteExpired
    | problems.IntentChanged
    | problems.ChallengeSpent
    | challenge_problems.ProofTooWeak
    | challenge_problems.ProofWrong
    | PasskeyRefused
    | SignInLocked
    | problems.PinNotSet
    | problems.WrongPin
    | problems.PinLocked
    | account_problems.BankAccountUnusable
    | account_problems.BankAccountCooling
    | withdrawal_problems.BankCurrencyDiffers
    | withdrawal_problems.WithdrawalsUnavailable
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union(
        "ConfirmWithdrawalResult",
        description="A repeated key answers with what became of the withdrawal since.",
    ),
]
CancelWithdrawalResult = Annotated[
    WithdrawalCancelled
    | problems.KeyInvalid
    | problems.KeyReused
    | withdrawal_problems.CannotCancelWithdrawal
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union("CancelWithdrawalResult"),
]


async def outcome(
    row: rows.Movement, info: Info
) -> WithdrawalStarted | WithdrawalCompleted | WithdrawalFailed | WithdrawalCancelled:
    """How a withdrawal stands, as the type that says so."""
    withdrawal = cast("Withdrawal", await movement(row, info))
    match row.status:
        case rows.MovementStatus.COMPLETED:
            return WithdrawalCompleted(withdrawal=withdrawal)
        case rows.MovementStatus.FAILED:
            return WithdrawalFailed(withdrawal=withdrawal)
        case rows.MovementStatus.CANCELLED:
            return WithdrawalCancelled(withdrawal=withdrawal)
        case (
            rows.MovementStatus.PENDING
            | rows.MovementStatus.IN_REVIEW
            | rows.MovementStatus.UNKNOWN
        ):
            return WithdrawalStarted(withdrawal=withdrawal)
