"""Payment codes: what a customer shows, and what a merchant makes of it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Final

import strawberry

from domain import payment_codes
from domain.money import MinorUnits
from models import orders as order_rows
from models import payment_codes as rows
from models.merchants import Merchant
from schema import ids, pictures
from schema.context import Info
from schema.events import StreamHeartbeat, StreamReset
from schema.merchant_payments import MerchantPayment
from schema.money import Money, MoneyInput, Sequence, money
from schema.orders import Order
from schema.problems import money as money_problems
from schema.problems import orders as order_problems
from schema.problems import payment_codes as problems
from schema.problems.sessions import ProofNeeded
from schema.texts import Text

_TITLE: Final = Text(en="Payment code", zh="付款码")


@strawberry.enum(description="How a payment code stands.")
class PaymentCodeStatus(Enum):
    SHOWN = strawberry.enum_value(
        payment_codes.Standing.SHOWN, description="Nobody has scanned it yet."
    )
    WAITING = strawberry.enum_value(
        payment_codes.Standing.WAITING,
        description="It was scanned, and you are asked: `preparePayment` with the order's number, "
        "or `declinePaymentCode`.",
    )
    PAID = strawberry.enum_value(payment_codes.Standing.PAID, description="The order was paid.")
    DECLINED = strawberry.enum_value(
        payment_codes.Standing.DECLINED, description="You declined, and the order is closed."
    )
    CLOSED = strawberry.enum_value(
        payment_codes.Standing.CLOSED, description="The merchant closed the order."
    )
    EXPIRED = strawberry.enum_value(
        payment_codes.Standing.EXPIRED, description="Nobody scanned it, or confirmed it, in time."
    )


@strawberry.type(
    description="A code with which a merchant can charge you once. Its digits were told once."
)
class PaymentCode:
    id: strawberry.ID
    status: PaymentCodeStatus
    order: Order | None = strawberry.field(
        description="What a merchant charges it for; null until one has scanned it."
    )
    expires_at: datetime = strawberry.field(
        description="From then on it cannot be scanned; `order.expiresAt` is for what was."
    )
    head_seq: Sequence = strawberry.field(
        description="The last event of this code; follow `paymentCodeUpdated` after it."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")

    @classmethod
    async def of(
        cls, row: rows.PaymentCode, order: order_rows.Order | None, info: Info
    ) -> PaymentCode:
        standing = payment_codes.standing(row, order, info.context.clock())
        charged = None if order is None else await _order(order, info)
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PAYMENT_CODE, row.id)),
            status=PaymentCodeStatus(standing),
            order=charged,
            expires_at=row.expires_at,
            head_seq=Sequence(row.stream_seq),
            livemode=info.context.livemode,
        )


async def _order(row: order_rows.Order, info: Info) -> Order:
    return Order.of(row, await Merchant.get(id=row.merchant_id), info)


@strawberry.type(description="Whether small sums can be charged by a code without asking you.")
class CodePayments:
    is_enabled: bool
    payments_per_day: int = strawberry.field(
        description="After so many on one of your days you are asked."
    )
    small_amounts: list[Money] = strawberry.field(
        description="What is small, in each currency; above it you are asked."
    )

    @classmethod
    def of(cls, is_enabled: bool) -> CodePayments:
        return cls(
            is_enabled=is_enabled,
            payments_per_day=payment_codes.PER_DAY,
            small_amounts=[
                money(MinorUnits(amount), currency)
                for currency, amount in payment_codes.SMALL.items()
            ],
        )


@strawberry.input
class IssuePaymentCodeInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet that would pay; yours.")


@strawberry.input
class DeclinePaymentCodeInput:
    code_id: strawberry.ID


@strawberry.input
class SetCodePaymentsInput:
    is_enabled: bool


@strawberry.input
class ChargePaymentCodeInput:
    code: str = strawberry.field(description="The eighteen digits that were scanned.")
    amount: MoneyInput
    reference: str = strawberry.field(
        description="Yours for the order that is made, 1 to 64 letters, digits and - _ . : / # @ "
        "* + |; never used before."
    )
    description: str = strawberry.field(
        default="", description="What is paid for; at most 140 characters. The customer sees it."
    )
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key tells how it stands."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )

    def wish(self) -> payment_codes.Wish:
        return payment_codes.Wish(
            digits=self.code,
            amount=self.amount.amount_minor,
            currency=self.amount.currency,
            description=self.description,
            reference=self.reference,
            key=self.idempotency_key,
        )


@strawberry.type(
    description="Show the code for a minute, then ask for another; follow `paymentCodeUpdated`."
)
class PaymentCodeIssued:
    payment_code: PaymentCode
    digits: str = strawberry.field(
        description="Eighteen digits, the first two 28, the last a check digit. Keep them nowhere."
    )

    @strawberry.field(description="The digits as a QR code in SVG, with its white edge.")
    async def svg(self, info: Info) -> str:
        return await pictures.qr_code(self.digits, _TITLE.said(info.context.language))


@strawberry.type(description="The order is closed; of a code that nobody scanned, it has ended.")
class PaymentCodeDeclined:
    payment_code: PaymentCode


@strawberry.type(description="From now on.")
class CodePaymentsSet:
    code_payments: CodePayments


@strawberry.type(description="It is paid.")
class PaymentCodeCharged:
    payment: MerchantPayment


@strawberry.type(description="A code was scanned, paid at once, or declined.")
class PaymentCodeChanged:
    seq: Sequence = strawberry.field(
        description="The number of this event in its stream; keep it to resume after it."
    )
    at: datetime
    payment_code: PaymentCode = strawberry.field(description="The code as it is now.")


PaymentCodeEvent = Annotated[
    PaymentCodeChanged | StreamReset | StreamHeartbeat,
    strawberry.union("PaymentCodeEvent", description="What a payment code's stream carries."),
]
IssuePaymentCodeResult = Annotated[
    PaymentCodeIssued
    | money_problems.WalletClosed
    | money_problems.FrozenByOwner
    | money_problems.AccountRestricted,
    strawberry.union("IssuePaymentCodeResult"),
]
DeclinePaymentCodeResult = Annotated[
    PaymentCodeDeclined | order_problems.OrderAlreadyPaid,
    strawberry.union("DeclinePaymentCodeResult"),
]
SetCodePaymentsResult = Annotated[
    CodePaymentsSet | ProofNeeded, strawberry.union("SetCodePaymentsResult")
]
ChargePaymentCodeResult = Annotated[
    PaymentCodeCharged
    | money_problems.KeyInvalid
    | money_problems.KeyReused
    | problems.PaymentCodeUnusable
    | problems.PaymentCodeTriesExhausted
    | money_problems.SelfPayment
    | money_problems.AmountInvalid
    | money_problems.CurrencyMismatch
    | money_problems.CurrencyNotOffered
    | order_problems.ReferenceInvalid
    | order_problems.ReferenceReused
    | order_problems.DescriptionInvalid
    | order_problems.ExpiryInvalid
    | order_problems.MerchantUnavailable
    | order_problems.OrderAlreadyClosed
    | order_problems.OrderExpired
    | problems.UserPaying
    | problems.UserCancelled
    | money_problems.Busy
    | money_problems.OutcomeUnknown,
    strawberry.union("ChargePaymentCodeResult"),
]
