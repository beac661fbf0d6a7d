"""What a movement is, where it stands, and which way its money goes."""

from __future__ import annotations

from enum import Enum

import strawberry

from models import movements as rows


@strawberry.enum(description="What a movement is.")
class MovementKind(Enum):
    TRANSFER = rows.MovementKind.TRANSFER
    TOP_UP = rows.MovementKind.TOP_UP
    ADJUSTMENT = rows.MovementKind.ADJUSTMENT
    MERCHANT_PAYMENT = rows.MovementKind.MERCHANT_PAYMENT
    REFUND = rows.MovementKind.REFUND
    WITHDRAWAL = rows.MovementKind.WITHDRAWAL
    RETURN = strawberry.enum_value(
        rows.MovementKind.RETURN, description="A withdrawal that the bank sent back."
    )
    REVERSAL = strawberry.enum_value(
        rows.MovementKind.REVERSAL, description="A top-up that the bank took back."
    )
    PAYOUT = strawberry.enum_value(
        rows.MovementKind.PAYOUT, description="What a settlement brings to a merchant's bank."
    )
    FEE = strawberry.enum_value(
        rows.MovementKind.FEE, description="What a settlement's payments cost their merchant."
    )


@strawberry.enum(description="Where a movement stands.")
class MovementStatus(Enum):
    PENDING = strawberry.enum_value(
        rows.MovementStatus.PENDING, description="Under way; the money is set aside or asked for."
    )
    IN_REVIEW = strawberry.enum_value(
        rows.MovementStatus.IN_REVIEW,
        description="The money is set aside until uPay has looked at it, a day at most.",
    )
    UNKNOWN = strawberry.enum_value(
        rows.MovementStatus.UNKNOWN,
        description="A provider's answer was lost. uPay is asking: do not pay again.",
    )
    COMPLETED = strawberry.enum_value(
        rows.MovementStatus.COMPLETED, description="The money moved. Final."
    )
    FAILED = strawberry.enum_value(
        rows.MovementStatus.FAILED, description="No money moved; `failure` says why. Final."
    )
    CANCELLED = strawberry.enum_value(
        rows.MovementStatus.CANCELLED, description="Called back by the payer. Final."
    )


@strawberry.enum(description="Which way the money goes, seen by whoever asks.")
class Direction(Enum):
    IN = "in"
    OUT = "out"
