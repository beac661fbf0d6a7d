"""How refunds stand, why there are refunds, and who takes which step."""

from __future__ import annotations

from enum import Enum
from typing import Final

import strawberry

from models import refunds as rows


@strawberry.enum(description="How a refund stands.")
class RefundStatus(Enum):
    REQUESTED = strawberry.enum_value(
        rows.RefundStatus.REQUESTED, description="The customer asked; the merchant has to answer."
    )
    REJECTED = strawberry.enum_value(
        rows.RefundStatus.REJECTED, description="The merchant said no; see `answer`. Final."
    )
    WITHDRAWN = strawberry.enum_value(
        rows.RefundStatus.WITHDRAWN, description="The customer took the question back. Final."
    )
    PENDING = strawberry.enum_value(
        rows.RefundStatus.PENDING,
        description="The merchant gave it, and uPay keeps it, because the wallet that paid is "
        "closed. Opened again, it gets the money.",
    )
    SUCCEEDED = strawberry.enum_value(
        rows.RefundStatus.SUCCEEDED, description="The money is in the wallet that paid. Final."
    )
    FAILED = strawberry.enum_value(
        rows.RefundStatus.FAILED,
        description="No money moved; `failure` says why. The merchant can try it again.",
    )


_CANCELLED: Final = strawberry.enum_value(
    rows.RefundReason.CANCELLED, description="What was ordered is not wanted, or not to be had."
)
_NOT_RECEIVED: Final = strawberry.enum_value(
    rows.RefundReason.NOT_RECEIVED, description="What was paid for did not come."
)
_NOT_AS_DESCRIBED: Final = strawberry.enum_value(
    rows.RefundReason.NOT_AS_DESCRIBED, description="What came is broken, or something else."
)
_WRONG_AMOUNT: Final = strawberry.enum_value(
    rows.RefundReason.WRONG_AMOUNT, description="Too much was paid."
)
_DUPLICATE: Final = strawberry.enum_value(
    rows.RefundReason.DUPLICATE, description="It was paid before, by another order or elsewhere."
)
_OTHER: Final = strawberry.enum_value(rows.RefundReason.OTHER, description="See the note.")


@strawberry.enum(description="Why money goes back, as merchants and customers say it.")
class RefundReasonInput(Enum):
    CANCELLED = _CANCELLED
    NOT_RECEIVED = _NOT_RECEIVED
    NOT_AS_DESCRIBED = _NOT_AS_DESCRIBED
    WRONG_AMOUNT = _WRONG_AMOUNT
    DUPLICATE = _DUPLICATE
    OTHER = _OTHER


@strawberry.enum(description="Why money goes back.")
class RefundReason(Enum):
    CANCELLED = _CANCELLED
    NOT_RECEIVED = _NOT_RECEIVED
    NOT_AS_DESCRIBED = _NOT_AS_DESCRIBED
    WRONG_AMOUNT = _WRONG_AMOUNT
    DUPLICATE = _DUPLICATE
    OTHER = _OTHER
    ORDER_PAID_TWICE = strawberry.enum_value(
        rows.RefundReason.ORDER_PAID_TWICE,
        description="Another payment had taken the order: uPay gave this one back by itself.",
    )


@strawberry.enum(description="Who began a refund.")
class RefundOrigin(Enum):
    MERCHANT = rows.RefundOrigin.MERCHANT
    CUSTOMER = strawberry.enum_value(
        rows.RefundOrigin.CUSTOMER, description="The customer asked for it."
    )
    AUTOMATIC = strawberry.enum_value(
        rows.RefundOrigin.AUTOMATIC, description="uPay, because the order was paid twice."
    )


@strawberry.enum(description="Who took a step of a refund.")
class RefundAuthor(Enum):
    CUSTOMER = "customer"
    MERCHANT = strawberry.enum_value(
        "merchant", description="One of its people, or a program with its key."
    )
    UPAY = strawberry.enum_value("upay", description="uPay by itself.")


@strawberry.enum(description="What can be done with a refund.")
class RefundAction(Enum):
    APPROVE = strawberry.enum_value("approve", description="`approveRefund`, for the merchant.")
    REJECT = strawberry.enum_value("reject", description="`rejectRefund`, for the merchant.")
    RETRY = strawberry.enum_value("retry", description="`retryRefund`, for the merchant.")
    WITHDRAW = strawberry.enum_value(
        "withdraw", description="`withdrawRefundRequest`, for the customer."
    )
