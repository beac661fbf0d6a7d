"""Paying a merchant: prepare, look, prove, done; and what merchants do with what is authorised."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain import payments
from models import movements as rows
from schema import ids
from schema.captures import PaymentVoided
from schema.challenges import Challenge, ProofInput
from schema.context import Info
from schema.limits import Limit
from schema.merchant_payments import MerchantPayment, payment
from schema.merchant_profiles import MerchantProfile
from schema.money import Money, MoneyInput, money
from schema.notices import PaymentNotice, of_quote
from schema.orders import Order
from schema.problems import challenges as challenge_problems
from schema.problems import limits as limit_problems
from schema.problems import money as problems
from schema.problems import orders as order_problems
from schema.problems import receive_codes as code_problems
from schema.problems.merchant_codes import StaticLimitExceeded
from schema.problems.passkeys import PasskeyRefused
from schema.problems.risk import PaymentDeclined
from schema.problems.sessions import SignInLocked


@strawberry.input(description="An order, named in one of the ways there are.", one_of=True)
class OrderNamedInput:
    number: strawberry.Maybe[str] = strawberry.field(
        description="Its sixteen digits; spaces and dashes between them do not matter."
    )
    code: strawberry.Maybe[str] = strawberry.field(
        description="The text of a merchant's code that was scanned. One that is not of a single "
        "order needs an `amount` besides."
    )


@strawberry.input
class PreparePaymentInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet that pays; yours.")
    order: OrderNamedInput
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="What you were told it comes to; given, the order must be over exactly that.",
    )
    merchant_number: str | None = strawberry.field(
        default=None, description="Whose order you were told it is; given, it must be theirs."
    )

    def wish(self) -> payments.Wish:
        amount, number, code = self.amount, self.order.number, self.order.code
        return payments.Wish(
            wallet_id=ids.parse(self.wallet_id, ids.Prefix.WALLET),
            order_number=number.value if number else None,
            code=code.value if code else None,
            amount=None if amount is None else amount.amount_minor,
            currency=None if amount is None else amount.currency,
            merchant_number=self.merchant_number,
        )


@strawberry.type(description="What paying an order will do and cost; lives five minutes.")
class PaymentQuote:
    id: strawberry.ID
    amount: Money = strawberry.field(description="What the merchant gets.")
    fee: Money
    total: Money = strawberry.field(description="What leaves the wallet: amount and fee.")
    order: Order
    merchant: MerchantProfile
    is_new_merchant: bool = strawberry.field(description="Whether you never paid them before.")
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

    @classmethod
    def of(cls, prepared: payments.Prepared, info: Info) -> PaymentQuote:
        row = prepared.shown.quote
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.QUOTE, row.id)),
            amount=money(row.amount, row.currency),
            fee=money(row.fee, row.currency),
            total=money(row.amount + row.fee, row.currency),
            order=Order.of(prepared.order, prepared.merchant, info),
            merchant=MerchantProfile.of(prepared.merchant),
            is_new_merchant=prepared.is_new_merchant,
            is_reviewed=row.is_reviewed,
            limits_after=[Limit.of(each, row.currency) for each in prepared.shown.limits_after],
            notices=of_quote(prepared.shown, info),
            expires_at=row.expires_at,
        )


@strawberry.type(description="Nothing moved yet: look at the quote, then confirm.")
class PaymentPrepared:
    quote: PaymentQuote
    challenge: Challenge

    @classmethod
    def of(cls, prepared: payments.Prepared, info: Info) -> PaymentPrepared:
        shown = prepared.shown
        return cls(
            quote=PaymentQuote.of(prepared, info),
            challenge=Challenge.of(shown.challenge, shown.ways),
        )


@strawberry.input(
    description="Only what was prepared can be confirmed: neither amount nor order is sent again."
)
class ConfirmPaymentInput:
    quote_id: strawberry.ID
    challenge_id: strawberry.ID
    proof: ProofInput
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.type(description="The money is the merchant's.")
class PaymentCompleted:
    payment: MerchantPayment


@strawberry.type(description="The money is set aside for the merchant, which captures it later.")
class PaymentAuthorized:
    payment: MerchantPayment


@strawberry.type(description="The money is set aside until uPay has looked at the payment.")
class PaymentPending:
    payment: MerchantPayment


@strawberry.type(description="No money moved, and that is recorded: see `payment.failure`.")
class PaymentFailed:
    payment: MerchantPayment


PaymentOutcome = (
    PaymentCompleted | PaymentAuthorized | PaymentPending | PaymentFailed | PaymentVoided
)
PreparePaymentResult = Annotated[
    PaymentPrepared
    | order_problems.OrderNotFound
    | code_problems.QrInvalid
    | code_problems.QrForeign
    | code_problems.QrTampered
    | code_problems.QrExpired
    | code_problems.QrOfAnotherKind
    | StaticLimitExceeded
    | order_problems.MerchantMismatch
    | order_problems.AmountMismatch
    | order_problems.OrderAlreadyPaid
    | order_problems.OrderAlreadyClosed
    | order_problems.OrderExpired
    | order_problems.MerchantUnavailable
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | problems.SelfPayment
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
    strawberry.union("PreparePaymentResult"),
]
ConfirmPaymentResult = Annotated[
    PaymentCompleted
    | PaymentAuthorized
    | PaymentPending
    | PaymentFailed
    | PaymentVoided
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
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union(
        "ConfirmPaymentResult",
        description="A repeated key answers with what became of the payment since.",
    ),
]


async def outcome(row: rows.Movement, info: Info) -> PaymentOutcome:
    """How a payment stands for its payer, as the type that says so."""
    made = await payment(row, info)
    match row.status:
        case rows.MovementStatus.COMPLETED:
            return PaymentCompleted(payment=made)
        case rows.MovementStatus.PENDING:
            return PaymentAuthorized(payment=made)
        case rows.MovementStatus.FAILED:
            return PaymentFailed(payment=made)
        case rows.MovementStatus.CANCELLED:
            return PaymentVoided(payment=made)
        case rows.MovementStatus.IN_REVIEW | rows.MovementStatus.UNKNOWN:
            return PaymentPending(payment=made)
