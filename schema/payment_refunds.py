"""Refunds as a client sees them: whoever paid, the merchant, or an agent at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import strawberry

from domain.merchants import Actor, Scope
from models import refunds as rows
from schema import ids, pages
from schema.context import Info
from schema.money import Money, money
from schema.movements import Failure, Refund, movements
from schema.refund_states import (
    RefundAction,
    RefundAuthor,
    RefundOrigin,
    RefundReason,
    RefundStatus,
)

if TYPE_CHECKING:
    from schema.merchant_payments import MerchantPayment

_BY_CUSTOMERS: Final = {rows.RefundStatus.REQUESTED, rows.RefundStatus.WITHDRAWN}
_FOR_MERCHANTS: Final = {
    rows.RefundStatus.REQUESTED: [RefundAction.APPROVE, RefundAction.REJECT],
    rows.RefundStatus.FAILED: [RefundAction.RETRY],
}


@strawberry.type(description="What a refund became.")
class RefundStep:
    status: RefundStatus
    by: RefundAuthor
    at: datetime

    @classmethod
    def of(cls, row: rows.RefundStep) -> RefundStep:
        is_upay = row.person_id is None and row.api_key_id is None
        by = RefundAuthor.UPAY if is_upay else RefundAuthor.MERCHANT
        if row.status in _BY_CUSTOMERS:
            by = RefundAuthor.CUSTOMER
        return cls(status=RefundStatus(row.status), by=by, at=row.at)


@strawberry.type(
    description="Money of a payment that goes back, from the wish to its end. Each try to move it "
    "is a movement of its own, a `Refund`."
)
class PaymentRefund:
    id: strawberry.ID
    amount: Money
    status: RefundStatus
    reason: RefundReason
    origin: RefundOrigin
    note: str = strawberry.field(description="By whoever began it; may be empty.")
    answer: str = strawberry.field(
        description="The merchant's, to a request that it rejected; may be empty."
    )
    created_at: datetime
    settled_at: datetime | None = strawberry.field(
        description="When it became final; null while it can go on, also after it failed."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")
    row: strawberry.Private[rows.Refund]
    actor: strawberry.Private[Actor | None]

    @strawberry.field(description="What was paid.")
    async def payment(
        self, info: Info
    ) -> Annotated[MerchantPayment, strawberry.lazy("schema.merchant_payments")]:
        from schema import merchant_payments  # It imports this module.

        found = await info.context.loaders.purchases.load(self.row.payment_id)
        return await merchant_payments.payment(found.movement, info, actor=self.actor)

    @strawberry.field(description="The movement by which the money came back; null until it did.")
    async def movement(self, info: Info) -> Refund | None:
        if self.row.status is not rows.RefundStatus.SUCCEEDED or self.row.movement_id is None:
            return None
        row = await info.context.loaders.movements.load(self.row.movement_id)
        [seen] = await movements([row], info, actor=self.actor)
        assert isinstance(seen, Refund)
        return seen

    @strawberry.field(
        description="Why it failed; null unless it did. A customer hears only that the merchant "
        "could not."
    )
    def failure(self, info: Info) -> Failure | None:
        code = self.row.failure_code
        if code is None:
            return None
        missing = money(self.row.failure_missing or 0, self.row.currency)
        return Failure.said(code, missing, info, is_merchant=self.actor is not None)

    @strawberry.field(description="What it became, one after the other.")
    async def steps(self, info: Info) -> list[RefundStep]:
        found = await info.context.loaders.refund_steps.load(self.row.id)
        return [RefundStep.of(row) for row in found]

    @strawberry.field(description="What you can do with it as it stands.")
    def allowed_actions(self, info: Info) -> list[RefundAction]:
        if self.actor is not None:
            may = Scope.REFUNDS in self.actor.scopes
            return _FOR_MERCHANTS.get(self.row.status, []) if may else []
        is_open = self.row.status is rows.RefundStatus.REQUESTED
        return [RefundAction.WITHDRAW] if is_open else []

    @classmethod
    def of(cls, row: rows.Refund, info: Info, *, actor: Actor | None = None) -> PaymentRefund:
        """The refund as `actor` sees it, who acts for its merchant; as its payer for None."""
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PAYMENT_REFUND, row.id)),
            amount=money(row.amount, row.currency),
            status=RefundStatus(row.status),
            reason=RefundReason(row.reason),
            origin=RefundOrigin(row.origin),
            note=row.note,
            answer=row.answer,
            created_at=row.created_at,
            settled_at=row.settled_at,
            livemode=info.context.livemode,
            row=row,
            actor=actor,
        )


async def refunds_by(
    actor: Actor, status: RefundStatus | None, first: int, after: str | None, info: Info
) -> pages.Connection[PaymentRefund]:
    """A page of a merchant's refunds, newest first."""
    found = await rows.page(
        actor.merchant_id,
        status=None if status is None else rows.RefundStatus[status.name],
        limit=pages.size(first) + 1,
        after=pages.parse_cursor(after),
    )
    return pages.page(
        [(row.created_at, row.id) for row in found],
        [PaymentRefund.of(row, info, actor=actor) for row in found],
        first,
        after,
    )
