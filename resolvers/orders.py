"""Making, finding and closing orders."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import orders
from domain.merchants import Scope
from domain.refusals import NotFound
from domain.wallets import CurrencyNotOffered
from models import order_history
from models import orders as rows
from models.merchants import Merchant
from schema import ids, pages
from schema.context import Info
from schema.orders import (
    CloseOrderInput,
    CloseOrderResult,
    CreateOrderInput,
    CreateOrderResult,
    MerchantId,
    Order,
    OrderClosed,
    OrderCreated,
    OrderFilter,
    OrderToPayResult,
    orders_of,
)
from schema.problems.base import named


@strawberry.type
class OrderQueries:
    @strawberry.field(
        description="The order that has this number, for whoever is to pay it: see "
        "`preparePayment`."
    )
    async def order_to_pay(
        self,
        info: Info,
        number: Annotated[
            str,
            strawberry.argument(
                description="Sixteen digits; spaces and dashes between them do not matter."
            ),
        ],
    ) -> OrderToPayResult:
        _ = info.context.person
        try:
            row = await orders.by_number(number)
        except orders.FIND_REFUSALS as refusal:
            return named(refusal, info.context.language, field="number")
        return Order.of(row, await Merchant.get(id=row.merchant_id), info)

    @strawberry.field(description="An order of the merchant that you act for.")
    async def order(self, info: Info, id: strawberry.ID, merchant_id: MerchantId = None) -> Order:
        actor = await info.context.acting(Scope.READ, merchant_id)
        row = await rows.Order.get_or_none(
            id=ids.parse(id, ids.Prefix.ORDER), merchant_id=actor.merchant_id
        )
        if row is None:
            raise NotFound
        return Order.of(row, await Merchant.get(id=row.merchant_id), info, actor=actor)

    @strawberry.field(description="The orders of the merchant that you act for, newest first.")
    async def orders(
        self,
        info: Info,
        merchant_id: MerchantId = None,
        filter: OrderFilter | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Order]:
        actor = await info.context.acting(Scope.READ, merchant_id)
        wanted = order_history.ANYTHING if filter is None else filter.wanted()
        return await orders_of(actor, wanted, first, after, info)


@strawberry.type
class OrderMutations:
    @strawberry.mutation(
        description="Makes an order to be paid. The merchant's own reference stands for it: sent "
        "again with the same words it is the same order."
    )
    async def create_order(self, info: Info, input: CreateOrderInput) -> CreateOrderResult:
        actor = await info.context.acting(Scope.ORDERS, input.merchant_id)
        try:
            row = await orders.create(
                input.wish(), merchant_id=actor.merchant_id, now=info.context.now
            )
        except orders.CREATE_REFUSALS as refusal:
            is_currency = isinstance(refusal, CurrencyNotOffered)
            field = "amount.currency" if is_currency else None
            return named(refusal, info.context.language, field=field)
        merchant = await Merchant.get(id=row.merchant_id)
        return OrderCreated(order=Order.of(row, merchant, info, actor=actor))

    @strawberry.mutation(
        description="Closes an order that nobody has paid; one that is closed stays so."
    )
    async def close_order(self, info: Info, input: CloseOrderInput) -> CloseOrderResult:
        actor = await info.context.acting(Scope.ORDERS, input.merchant_id)
        try:
            row = await orders.close(
                ids.parse(input.order_id, ids.Prefix.ORDER),
                merchant_id=actor.merchant_id,
                now=info.context.now,
            )
        except orders.CLOSE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        merchant = await Merchant.get(id=row.merchant_id)
        return OrderClosed(order=Order.of(row, merchant, info, actor=actor))
