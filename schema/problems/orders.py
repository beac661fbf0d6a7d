"""Problems around orders and the payments for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain import orders, payments
from models import movements as rows
from schema.context import Info
from schema.money import Money, money
from schema.payment_states import PaymentState
from schema.problems.base import Problem, names

if TYPE_CHECKING:
    from schema.merchant_payments import MerchantPayment


@names(orders.ReferenceInvalid, code="REFERENCE_INVALID", field="reference")
@strawberry.type(description="The reference is too long, empty, or has other signs than it may.")
class ReferenceInvalid(Problem):
    pass


@names(orders.ReferenceReused, code="REFERENCE_REUSED", field="reference")
@strawberry.type(description="The merchant has another order under this reference.")
class ReferenceReused(Problem):
    order_number: str = strawberry.field(description="The number of that order.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"order_number": refusal.order.number}


@names(orders.DescriptionInvalid, code="DESCRIPTION_INVALID", field="description")
@strawberry.type(description="The description is too long, or has characters that cannot be seen.")
class DescriptionInvalid(Problem):
    pass


@names(orders.ExpiryInvalid, code="EXPIRY_INVALID", field="expiresInMinutes")
@strawberry.type(description="An order can be paid for one minute to thirty days.")
class ExpiryInvalid(Problem):
    pass


@names(orders.MerchantUnavailable, code="MERCHANT_UNAVAILABLE")
@strawberry.type(description="The merchant takes no payments at present.")
class MerchantUnavailable(Problem):
    pass


@names(orders.OrderNotFound, code="ORDER_NOT_FOUND", field="order.number")
@strawberry.type(description="No order has this number.")
class OrderNotFound(Problem):
    pass


@names(orders.OrderAlreadyPaid, code="ORDER_PAID")
@strawberry.type(description="The order was paid before, or its money is authorised.")
class OrderAlreadyPaid(Problem):
    movement: strawberry.Private[rows.Movement | None]

    @strawberry.field(description="The payment, if you made it; null otherwise.")
    async def payment(
        self, info: Info
    ) -> Annotated[MerchantPayment, strawberry.lazy("schema.merchant_payments")] | None:
        from schema import merchant_payments  # It imports this module.

        return (
            None if self.movement is None else await merchant_payments.payment(self.movement, info)
        )

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"movement": refusal.movement}


@names(orders.OrderAlreadyClosed, code="ORDER_CLOSED")
@strawberry.type(description="The merchant closed the order, or gave its payment back.")
class OrderAlreadyClosed(Problem):
    pass


@names(orders.OrderExpired, code="ORDER_EXPIRED")
@strawberry.type(description="Nobody paid the order in time.")
class OrderExpired(Problem):
    pass


@names(payments.AmountMismatch, code="AMOUNT_MISMATCH", field="amount")
@strawberry.type(description="The order is over another amount than the one you were told.")
class AmountMismatch(Problem):
    expected: Money = strawberry.field(description="What the order is over.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"expected": money(refusal.expected, refusal.currency)}


@names(payments.MerchantMismatch, code="MERCHANT_MISMATCH", field="merchantNumber")
@strawberry.type(description="The order is of another merchant than the one you named.")
class MerchantMismatch(Problem):
    pass


@names(payments.NothingToCapture, code="NOTHING_TO_CAPTURE", field="paymentId")
@strawberry.type(description="Nothing of the payment waits to be captured.")
class NothingToCapture(Problem):
    state: PaymentState = strawberry.field(description="What became of it.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"state": PaymentState(refusal.state)}


@names(payments.NothingToVoid, code="NOTHING_TO_VOID", field="paymentId")
@strawberry.type(description="Nothing of the payment waits to be given back.")
class NothingToVoid(Problem):
    state: PaymentState = strawberry.field(description="What became of it.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"state": PaymentState(refusal.state)}


@names(payments.CaptureExceeds, code="CAPTURE_EXCEEDS", field="amount")
@strawberry.type(description="Less than that is left of what was authorised.")
class CaptureExceeds(Problem):
    capturable: Money = strawberry.field(description="What is left.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"capturable": money(refusal.capturable, refusal.currency)}


@names(payments.CaptureBlocked, code="CAPTURE_BLOCKED", field="paymentId")
@strawberry.type(description="The payment cannot be captured at present; it waits.")
class CaptureBlocked(Problem):
    pass
