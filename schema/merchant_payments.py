"""Payments to merchants as a client sees them: how each stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, cast

import strawberry

from domain import payments
from domain.merchants import Actor, Scope
from domain.payments import Action
from models import movements as rows
from models import orders as order_rows
from models import purchases
from schema import pages
from schema.context import Info
from schema.merchant_profiles import MerchantProfile
from schema.money import Money, Sequence, money
from schema.movements import Failure, Movement, MovementStatus, movements
from schema.orders import Order
from schema.payment_refunds import PaymentRefund
from schema.payment_states import PaymentAction, PaymentState

if TYPE_CHECKING:
    from schema.notices import PaymentNotice

_SCOPES: Final[Mapping[Action, Scope]] = {
    Action.CAPTURE: Scope.PAYMENTS,
    Action.VOID: Scope.PAYMENTS,
    Action.REFUND: Scope.REFUNDS,
}


@strawberry.type(description="Money from a wallet to a merchant, for an order.")
class MerchantPayment(Movement):
    actor: strawberry.Private[Actor | None] = None

    @strawberry.field(
        description="Why it failed; of the payer's own reasons a merchant hears none."
    )
    def failure(self, info: Info) -> Failure | None:
        return Failure.of(self.row, info, is_merchant=self.actor is not None)

    @strawberry.field(
        description="What to know while it waits, or when its merchant did not accept it in the "
        "end; null when it ended otherwise or goes its ordinary way."
    )
    async def notice(
        self, info: Info
    ) -> Annotated[PaymentNotice, strawberry.lazy("schema.notices")] | None:
        from schema import notices  # It reads what is prepared, which this module does not.

        if self.actor is not None or self.row.status is not rows.MovementStatus.CANCELLED:
            return notices.of_movement(self.row, info)
        return notices.of_payment(await self._purchase(info), info)

    @strawberry.field(description="What was paid.")
    async def order(self, info: Info) -> Order:
        found = await self._purchase(info)
        return Order.of(found.order, found.merchant, info, actor=self.actor)

    @strawberry.field(description="Who is paid.")
    async def merchant(self, info: Info) -> MerchantProfile:
        return MerchantProfile.of((await self._purchase(info)).merchant)

    @strawberry.field(description="How it stands.")
    async def state(self, info: Info) -> PaymentState:
        found = await self._purchase(info)
        return PaymentState(payments.state(found.movement, found.payment))

    @strawberry.field(description="What was set aside or paid for the merchant; 0 if it failed.")
    async def authorized(self, info: Info) -> Money:
        return self._money((await self._purchase(info)).payment.authorized)

    @strawberry.field(description="What of it became the merchant's, refunds or not.")
    async def captured(self, info: Info) -> Money:
        return self._money((await self._purchase(info)).payment.captured)

    @strawberry.field(description="What of it went back before it was captured.")
    async def voided(self, info: Info) -> Money:
        return self._money((await self._purchase(info)).payment.voided)

    @strawberry.field(description="What of the captured went back.")
    async def refunded(self, info: Info) -> Money:
        return self._money((await self._purchase(info)).payment.refunded)

    @strawberry.field(description="What of the captured can still go back.")
    async def refundable(self, info: Info) -> Money:
        return self._money((await self._purchase(info)).payment.refundable)

    @strawberry.field(
        description="Until when what is authorised can be captured; then it goes back by itself. "
        "Null when it is captured at once."
    )
    async def capture_before(self, info: Info) -> datetime | None:
        return (await self._purchase(info)).payment.capture_before

    @strawberry.field(description="What you can do with it as it stands.")
    async def allowed_actions(self, info: Info) -> list[PaymentAction]:
        found = await self._purchase(info)
        possible = payments.actions(found.movement, found.payment, info.context.now)
        mine = possible & self._offered(info)
        return [PaymentAction(each) for each in Action if each in mine]

    @strawberry.field(
        description="The last event of this payment, refunds among them; follow `paymentUpdated` "
        "after it to miss nothing. `headSeq` is of `movementUpdated`, which ends sooner."
    )
    async def payment_head_seq(self, info: Info) -> Sequence:
        return Sequence((await self._purchase(info)).payment.stream_seq)

    @strawberry.field(description="What went back, is to go back, or was asked for; oldest first.")
    async def refunds(self, info: Info) -> list[PaymentRefund]:
        found = await info.context.loaders.refunds.load(self.row.id)
        return [PaymentRefund.of(row, info, actor=self.actor) for row in found]

    async def _purchase(self, info: Info) -> purchases.Purchase:
        return await info.context.loaders.purchases.load(self.row.id)

    def _money(self, amount: int) -> Money:
        return money(amount, self.row.currency)

    def _offered(self, info: Info) -> frozenset[Action]:
        """What its viewer may do with payments: a customer can ask for a refund, and no more."""
        if self.actor is not None:
            return frozenset(each for each in Action if _SCOPES[each] in self.actor.scopes)
        viewer = info.context.identity
        is_payer = viewer is not None and viewer.person_id == self.row.person_id
        return frozenset({Action.REFUND}) if is_payer else frozenset()


async def payment(row: rows.Movement, info: Info, *, actor: Actor | None = None) -> MerchantPayment:
    """The payment as `actor` sees it, who acts for its merchant; as its payer for None."""
    [seen] = await movements([row], info, actor=actor)
    return cast("MerchantPayment", seen)


async def of_order(
    order: order_rows.Order, actor: Actor | None, info: Info
) -> MerchantPayment | None:
    """The payment that took an order, if whoever asks may see it."""
    if order.paid_by is None:
        return None
    found = await info.context.loaders.purchases.load(order.paid_by)
    viewer = info.context.identity
    if actor is None and (viewer is None or viewer.person_id != found.movement.person_id):
        return None
    return await payment(found.movement, info, actor=actor)


@strawberry.input(description="Which payments to a merchant; all of it must fit.")
class PaymentFilter:
    statuses: list[MovementStatus] | None = None
    reference: str | None = strawberry.field(
        default=None, description="The merchant's own name for the order."
    )
    since: datetime | None = strawberry.field(default=None, description="Made at or after this.")
    until: datetime | None = strawberry.field(default=None, description="Made before this.")

    def wanted(self) -> purchases.Filter:
        return purchases.Filter(
            statuses=[rows.MovementStatus[status.name] for status in self.statuses or ()],
            reference=self.reference,
            since=self.since,
            until=self.until,
        )


async def payments_to(
    actor: Actor, wanted: purchases.Filter, first: int, after: str | None, info: Info
) -> pages.Connection[MerchantPayment]:
    """A page of the payments to a merchant, newest first, with all they belong to."""
    found = await purchases.page(
        actor.merchant_id,
        limit=pages.size(first) + 1,
        after=pages.parse_cursor(after),
        wanted=wanted,
    )
    for each in found:
        info.context.loaders.purchases.prime(each.movement.id, each)
    seen = await movements([each.movement for each in found], info, actor=actor)
    return pages.page(
        [(each.payment.created_at, each.movement.id) for each in found],
        cast("list[MerchantPayment]", seen),
        first,
        after,
    )
