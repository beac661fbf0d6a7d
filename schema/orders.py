"""Orders: what a merchant wants to be paid, as it sees them, and as whoever pays them does."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import orders
from domain.merchants import Actor
from models import order_history
from models import orders as rows
from models.merchants import Merchant
from models.quotes import Capture
from schema import ids, pages
from schema.context import Info
from schema.merchant_profiles import MerchantProfile
from schema.money import Money, MoneyInput, money
from schema.problems import money as problems
from schema.problems import orders as order_problems

if TYPE_CHECKING:
    from schema.merchant_codes import PayableCode
    from schema.merchant_payments import MerchantPayment

MerchantId = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Which merchant, for a person who works there; a key is of one.",
        name="merchantId",
    ),
]


@strawberry.enum(description="How an order stands.")
class OrderStatus(Enum):
    OPEN = strawberry.enum_value(orders.Standing.OPEN, description="It can be paid.")
    PAID = strawberry.enum_value(
        orders.Standing.PAID, description="It was paid, or its money is authorised."
    )
    CLOSED = strawberry.enum_value(
        orders.Standing.CLOSED,
        description="By its merchant, or because what was authorised for it was given back.",
    )
    EXPIRED = strawberry.enum_value(
        orders.Standing.EXPIRED, description="Nobody has paid it in time."
    )


@strawberry.enum(description="When the merchant gets what was paid.")
class OrderCapture(Enum):
    NOW = strawberry.enum_value(Capture.NOW, description="At once.")
    LATER = strawberry.enum_value(
        Capture.LATER,
        description="What is paid is authorised: set aside for seven days, for `capturePayment`.",
    )


@strawberry.enum(description="How an order came to be.")
class OrderOrigin(Enum):
    API = strawberry.enum_value(rows.OrderOrigin.API, description="By `createOrder`.")
    STATIC_CODE = strawberry.enum_value(
        rows.OrderOrigin.STATIC_CODE,
        description="The customer scanned a code without an amount, and typed it.",
    )
    PAYMENT_CODE = strawberry.enum_value(
        rows.OrderOrigin.PAYMENT_CODE, description="The merchant scanned the customer's code."
    )


@strawberry.type(description="Something to be paid to a merchant, once.")
class Order:
    id: strawberry.ID
    number: str = strawberry.field(
        description="Sixteen digits, the last a check digit; whoever knows it can pay the order."
    )
    merchant: MerchantProfile
    amount: Money
    description: str = strawberry.field(description="What is paid for; may be empty.")
    status: OrderStatus
    capture: OrderCapture
    origin: OrderOrigin
    reference: str | None = strawberry.field(
        description="The merchant's own name for it; null for whoever does not work there."
    )
    created_at: datetime
    expires_at: datetime = strawberry.field(description="From then on it can no longer be paid.")
    paid_at: datetime | None
    closed_at: datetime | None
    row: strawberry.Private[rows.Order]
    seller: strawberry.Private[Merchant]
    actor: strawberry.Private[Actor | None]

    @strawberry.field(
        description="The payment that took it; null while none has, and for whoever did not make "
        "it and does not work there."
    )
    async def payment(
        self, info: Info
    ) -> Annotated[MerchantPayment, strawberry.lazy("schema.merchant_payments")] | None:
        from schema import merchant_payments  # It imports this module.

        return await merchant_payments.of_order(self.row, self.actor, info)

    @strawberry.field(
        description="A code and a link by which it can be paid; null once it cannot be, or when "
        "its amount has no room in a code: ten digits before the point."
    )
    async def code(
        self, info: Info
    ) -> Annotated[PayableCode, strawberry.lazy("schema.merchant_codes")] | None:
        from schema import merchant_codes  # It imports this module.

        if self.status is not OrderStatus.OPEN:
            return None
        return merchant_codes.code_of_order(self.row, self.seller, info)

    @classmethod
    def of(
        cls, row: rows.Order, merchant: Merchant, info: Info, *, actor: Actor | None = None
    ) -> Order:
        """The order as `actor` sees it, who acts for its merchant; as its payer for None."""
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.ORDER, row.id)),
            number=row.number,
            merchant=MerchantProfile.of(merchant),
            amount=money(row.amount, row.currency),
            description=row.description,
            status=OrderStatus(orders.standing(row, info.context.now)),
            capture=OrderCapture(row.capture),
            origin=OrderOrigin(row.origin),
            reference=None if actor is None else row.reference,
            created_at=row.created_at,
            expires_at=row.expires_at,
            paid_at=row.paid_at,
            closed_at=row.closed_at,
            row=row,
            seller=merchant,
            actor=actor,
        )


@strawberry.input(description="Which orders of a merchant; all of it must fit.")
class OrderFilter:
    status: OrderStatus | None = None
    reference: str | None = strawberry.field(default=None, description="The merchant's own.")
    since: datetime | None = strawberry.field(default=None, description="Made at or after this.")
    until: datetime | None = strawberry.field(default=None, description="Made before this.")

    def wanted(self) -> order_history.Filter:
        return order_history.Filter(
            status=None if self.status is None else orders.Standing[self.status.name].value,
            reference=self.reference,
            since=self.since,
            until=self.until,
        )


async def orders_of(
    actor: Actor, wanted: order_history.Filter, first: int, after: str | None, info: Info
) -> pages.Connection[Order]:
    """A page of a merchant's orders, newest first."""
    merchant = await Merchant.get(id=actor.merchant_id)
    found = await order_history.page(
        actor.merchant_id,
        limit=pages.size(first) + 1,
        after=pages.parse_cursor(after),
        wanted=wanted,
        now=info.context.now,
    )
    return pages.page(
        [(row.created_at, row.id) for row in found],
        [Order.of(row, merchant, info, actor=actor) for row in found],
        first,
        after,
    )


@strawberry.input
class CreateOrderInput:
    amount: MoneyInput
    reference: str = strawberry.field(
        description="Yours, 1 to 64 letters, digits and - _ . : / # @ * + |. The same reference "
        "with the same words gives the same order again."
    )
    description: str = strawberry.field(
        default="", description="What is paid for; at most 140 characters. The customer sees it."
    )
    expires_in_minutes: int = strawberry.field(
        default=orders.LASTS // timedelta(minutes=1),
        description="For how long it can be paid: 1 to 43200, which is thirty days.",
    )
    capture: OrderCapture = OrderCapture.NOW
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )

    def wish(self) -> orders.Wish:
        return orders.Wish(
            amount=self.amount.amount_minor,
            currency=self.amount.currency,
            reference=self.reference,
            description=self.description,
            lasts=timedelta(minutes=self.expires_in_minutes),
            capture=Capture[self.capture.name],
        )


@strawberry.input
class CloseOrderInput:
    order_id: strawberry.ID
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.type(description="Here is the order; show its number or its code to be paid.")
class OrderCreated:
    order: Order


@strawberry.type(description="Nobody can pay the order any more.")
class OrderClosed:
    order: Order


OrderToPayResult = Annotated[
    Order | order_problems.OrderNotFound, strawberry.union("OrderToPayResult")
]
CreateOrderResult = Annotated[
    OrderCreated
    | order_problems.ReferenceInvalid
    | order_problems.ReferenceReused
    | order_problems.DescriptionInvalid
    | order_problems.ExpiryInvalid
    | problems.AmountInvalid
    | problems.CurrencyNotOffered
    | order_problems.MerchantUnavailable,
    strawberry.union("CreateOrderResult"),
]
CloseOrderResult = Annotated[
    OrderClosed | order_problems.OrderAlreadyPaid, strawberry.union("CloseOrderResult")
]
