"""Problems around giving money back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from domain import refunds
from schema import ids
from schema.money import Money, money
from schema.problems.base import Problem, names
from schema.refund_states import RefundStatus


@names(refunds.PaymentNotCaptured, code="PAYMENT_NOT_CAPTURED", field="paymentId")
@strawberry.type(
    description="Nothing of the payment has been captured: what is only authorised is voided."
)
class PaymentNotCaptured(Problem):
    pass


@names(refunds.RefundWindowClosed, code="REFUND_WINDOW_CLOSED", field="paymentId")
@strawberry.type(description="The payment is too old to be refunded.")
class RefundWindowClosed(Problem):
    closed_at: datetime = strawberry.field(description="Until when it could be.")


@names(refunds.RefundExceeds, code="REFUND_EXCEEDS")
@strawberry.type(description="That is more than can still go back.")
class RefundExceeds(Problem):
    refundable: Money = strawberry.field(description="What can still go back; maybe nothing.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"refundable": money(refusal.refundable, refusal.currency)}


@names(refunds.AlreadyRequested, code="REFUND_REQUESTED", field="paymentId")
@strawberry.type(description="You asked before, and the merchant has yet to answer.")
class RefundAlreadyRequested(Problem):
    refund_id: strawberry.ID = strawberry.field(description="What you asked for then.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        id = ids.public(ids.Prefix.PAYMENT_REFUND, refusal.refund.id)
        return {"refund_id": strawberry.ID(id)}


@names(refunds.RefundDecided, code="REFUND_DECIDED", field="refundId")
@strawberry.type(description="What was asked for was answered, or taken back, before.")
class RefundDecided(Problem):
    status: RefundStatus = strawberry.field(description="How the refund stands.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"status": RefundStatus(refusal.refund.status)}


@names(refunds.CannotRetry, code="REFUND_NOT_FAILED", field="refundId")
@strawberry.type(description="Only a refund that failed is tried again.")
class RefundNotFailed(Problem):
    status: RefundStatus = strawberry.field(description="How the refund stands.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"status": RefundStatus(refusal.refund.status)}
