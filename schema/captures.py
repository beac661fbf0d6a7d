"""What a merchant does with what is authorised: captures it, or gives it back."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.merchant_payments import MerchantPayment
from schema.money import MoneyInput
from schema.problems import money as problems
from schema.problems import orders as order_problems


@strawberry.input
class CapturePaymentInput:
    payment_id: strawberry.ID
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much of what is authorised; without it, all that is left."
    )
    is_final: bool = strawberry.field(
        default=True,
        description="Whether what is left goes back to the payer. False to capture more later; "
        "when nothing is left it is final all the same.",
    )
    idempotency_key: strawberry.ID = strawberry.field(
        description="The merchant's, 1 to 64 visible ASCII characters; the same key gives the "
        "same answer, whoever of the merchant's people or programs sends it."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.input
class VoidPaymentInput:
    payment_id: strawberry.ID
    idempotency_key: strawberry.ID = strawberry.field(
        description="The merchant's, 1 to 64 visible ASCII characters; the same key gives the "
        "same answer, whoever of the merchant's people or programs sends it."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.type(description="What was asked for is the merchant's.")
class PaymentCaptured:
    payment: MerchantPayment


@strawberry.type(description="What was authorised and not captured is the payer's again.")
class PaymentVoided:
    payment: MerchantPayment


CapturePaymentResult = Annotated[
    PaymentCaptured
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | order_problems.NothingToCapture
    | order_problems.CaptureExceeds
    | order_problems.CaptureBlocked
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union("CapturePaymentResult"),
]
VoidPaymentResult = Annotated[
    PaymentVoided
    | problems.KeyInvalid
    | problems.KeyReused
    | order_problems.NothingToVoid
    | problems.Busy,
    strawberry.union("VoidPaymentResult"),
]
