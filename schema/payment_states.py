"""How payments to merchants stand, and what may be done with one."""

from __future__ import annotations

from enum import Enum

import strawberry

from domain.payments import Action, State


@strawberry.enum(description="How a payment to a merchant stands.")
class PaymentState(Enum):
    PENDING = strawberry.enum_value(
        State.PENDING, description="Set aside until uPay has looked at it; not the merchant's yet."
    )
    AUTHORIZED = strawberry.enum_value(
        State.AUTHORIZED, description="Set aside for the merchant, which can capture it."
    )
    PARTIALLY_CAPTURED = strawberry.enum_value(
        State.PARTIALLY_CAPTURED,
        description="Part of it is the merchant's; the rest can still be captured.",
    )
    CAPTURED = strawberry.enum_value(
        State.CAPTURED, description="It is the merchant's, as far as it was not given back before."
    )
    PARTIALLY_REFUNDED = strawberry.enum_value(
        State.PARTIALLY_REFUNDED, description="Part of what was captured went back."
    )
    REFUNDED = strawberry.enum_value(State.REFUNDED, description="All that was captured went back.")
    VOIDED = strawberry.enum_value(
        State.VOIDED, description="Given back before anything was captured."
    )
    EXPIRED = strawberry.enum_value(
        State.EXPIRED, description="Not captured in time, and given back."
    )
    FAILED = strawberry.enum_value(State.FAILED, description="No money moved; see `failure`.")


@strawberry.enum(description="What can be done with a payment.")
class PaymentAction(Enum):
    CAPTURE = strawberry.enum_value(Action.CAPTURE, description="`capturePayment`.")
    VOID = strawberry.enum_value(Action.VOID, description="`voidPayment`.")
    REFUND = strawberry.enum_value(
        Action.REFUND, description="Giving back of what was captured; as a customer, asking for it."
    )
