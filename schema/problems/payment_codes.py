"""Problems of a merchant who scanned a customer's code."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain import payment_codes
from domain.merchants import Actor
from models import orders as rows
from models.merchants import Merchant
from schema.context import Info
from schema.problems.base import Problem, names

if TYPE_CHECKING:
    from schema.orders import Order


@names(payment_codes.CodeUnusable, code="PAYMENT_CODE_UNUSABLE", field="code")
@strawberry.type(description="No code, or one that was used or is too old; which is not said.")
class PaymentCodeUnusable(Problem):
    pass


@names(payment_codes.CodeTriesExhausted, code="PAYMENT_CODE_TRIES_EXHAUSTED", field="code")
@strawberry.type(description="Too many of the codes that you showed were none.")
class PaymentCodeTriesExhausted(Problem):
    until: datetime = strawberry.field(description="Before then no code of yours is looked at.")


@strawberry.type
class _OfAnOrder(Problem):
    row: strawberry.Private[rows.Order]

    @strawberry.field(description="The order that was made.")
    async def order(self, info: Info) -> Annotated[Order, strawberry.lazy("schema.orders")]:
        from schema import orders  # It imports problems.

        merchant = await Merchant.get(id=self.row.merchant_id)
        # Nobody is told this but whoever acts for the order's merchant.
        actor = Actor(merchant_id=merchant.id)
        return orders.Order.of(self.row, merchant, info, actor=actor)

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"row": refusal.order}


@names(payment_codes.UserPaying, code="USER_PAYING")
@strawberry.type(
    description="The customer is asked to confirm. Ask again with the same key, follow the order, "
    "or close it."
)
class UserPaying(_OfAnOrder):
    pass


@names(payment_codes.UserCancelled, code="USER_CANCELLED")
@strawberry.type(description="The customer declined, and the order is closed.")
class UserCancelled(_OfAnOrder):
    pass
