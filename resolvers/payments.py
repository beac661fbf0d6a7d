"""Paying merchants, following payments, and what merchants do with what is authorised."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

import strawberry

from domain import codes, payees, payments, streams
from domain.amounts import CurrencyMismatch
from domain.merchants import Actor, Scope
from domain.refusals import NotFound
from models import movements as rows
from models import purchases
from models.payments import Payment
from models.streams import StreamEvent
from schema import ids, pages
from schema.captures import (
    CapturePaymentInput,
    CapturePaymentResult,
    PaymentCaptured,
    PaymentVoided,
    VoidPaymentInput,
    VoidPaymentResult,
)
from schema.context import Info
from schema.events import StreamHeartbeat, StreamReset
from schema.merchant_payments import MerchantPayment, PaymentFilter, payment, payments_to
from schema.money import Sequence
from schema.movements import MovementStatus
from schema.orders import MerchantId
from schema.payment_events import PaymentChanged, PaymentEvent
from schema.payments import (
    ConfirmPaymentInput,
    ConfirmPaymentResult,
    PaymentPrepared,
    PreparePaymentInput,
    PreparePaymentResult,
    outcome,
)
from schema.problems.base import named


@strawberry.type
class PaymentQueries:
    @strawberry.field(
        description="A payment to the merchant that you act for. Your own payments are `movement`s."
    )
    async def payment(
        self, info: Info, id: strawberry.ID, merchant_id: MerchantId = None
    ) -> MerchantPayment:
        actor = await info.context.acting(Scope.READ, merchant_id)
        row = await _paid_to(actor, ids.parse(id, ids.Prefix.MERCHANT_PAYMENT))
        return await payment(await row.movement(), info, actor=actor)

    @strawberry.field(
        description="The payments to the merchant that you act for, newest first; those that "
        "failed are among them."
    )
    async def payments(
        self,
        info: Info,
        merchant_id: MerchantId = None,
        filter: PaymentFilter | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[MerchantPayment]:
        actor = await info.context.acting(Scope.READ, merchant_id)
        wanted = purchases.ANYTHING if filter is None else filter.wanted()
        return await payments_to(actor, wanted, first, after, info)


@strawberry.type
class PaymentMutations:
    @strawberry.mutation(
        description="What paying an order would do and cost, and what must be proved for it."
    )
    async def prepare_payment(self, info: Info, input: PreparePaymentInput) -> PreparePaymentResult:
        by = info.context.person
        try:
            prepared = await payments.prepare(
                input.wish(), by=by, address=info.context.client, now=info.context.now
            )
        except payments.PREPARE_REFUSALS as refusal:
            return named(refusal, info.context.language, field=_field(refusal))
        return PaymentPrepared.of(prepared, info)

    @strawberry.mutation(description="Pays the order as the quote says, once.")
    async def confirm_payment(self, info: Info, input: ConfirmPaymentInput) -> ConfirmPaymentResult:
        by = info.context.person
        confirmation = payments.Confirmation(
            quote_id=ids.parse(input.quote_id, ids.Prefix.QUOTE),
            challenge_id=ids.parse(input.challenge_id, ids.Prefix.CHALLENGE),
            proof=input.proof.shown(),
            key=input.idempotency_key,
        )
        try:
            row = await payments.confirm(confirmation, by=by, now=info.context.now)
        except payments.CONFIRM_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await outcome(row, info)

    @strawberry.mutation(
        description="Takes what a customer authorised, at once or in parts. Also a merchant that "
        "is paused can."
    )
    async def capture_payment(self, info: Info, input: CapturePaymentInput) -> CapturePaymentResult:
        actor = await info.context.acting(Scope.PAYMENTS, input.merchant_id)
        amount = input.amount
        try:
            row = await payments.capture(
                ids.parse(input.payment_id, ids.Prefix.MERCHANT_PAYMENT),
                merchant_id=actor.merchant_id,
                amount=None if amount is None else amount.amount_minor,
                currency=None if amount is None else amount.currency,
                is_final=input.is_final,
                key=input.idempotency_key,
                now=info.context.now,
            )
        except payments.CAPTURE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PaymentCaptured(payment=await payment(row, info, actor=actor))

    @strawberry.mutation(
        description="Gives what is authorised and not captured back to the customer. When nothing "
        "was captured the order is closed."
    )
    async def void_payment(self, info: Info, input: VoidPaymentInput) -> VoidPaymentResult:
        actor = await info.context.acting(Scope.PAYMENTS, input.merchant_id)
        try:
            row = await payments.void(
                ids.parse(input.payment_id, ids.Prefix.MERCHANT_PAYMENT),
                merchant_id=actor.merchant_id,
                key=input.idempotency_key,
                now=info.context.now,
            )
        except payments.VOID_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PaymentVoided(payment=await payment(row, info, actor=actor))


@strawberry.type
class PaymentSubscriptions:
    @strawberry.subscription(
        description="What becomes of a payment that you made, or that was made to the merchant "
        "you act for; captures and refunds are among it. Each event comes once and in order."
    )
    async def payment_updated(
        self,
        info: Info,
        id: strawberry.ID,
        after: Sequence | None = None,
        merchant_id: MerchantId = None,
    ) -> AsyncGenerator[PaymentEvent, None]:
        actor = await info.context.acting_or_self(Scope.READ, merchant_id)
        payment_id = ids.parse(id, ids.Prefix.MERCHANT_PAYMENT)
        row = await (_paid_by(info, payment_id) if actor is None else _paid_to(actor, payment_id))
        identity = info.context.identity
        events = streams.follow(
            row.stream_id,
            session_id=None if identity is None else identity.session_id,
            api_key_id=None if actor is None else actor.api_key_id,
            after=after,
            clock=info.context.clock,
        )
        async with aclosing(events):
            async for told in events:
                match told:
                    case streams.Reset(head):
                        yield StreamReset(head=Sequence(head))
                    case streams.Heartbeat(head):
                        yield StreamHeartbeat(head=Sequence(head))
                    case StreamEvent():
                        yield await _changed(told, actor, merchant_id, info)


async def _paid_to(actor: Actor, payment_id: UUID) -> Payment:
    row = await Payment.get_or_none(movement_id=payment_id, merchant_id=actor.merchant_id)
    if row is None:
        raise NotFound
    return row


async def _paid_by(info: Info, payment_id: UUID) -> Payment:
    by = info.context.person.person_id
    if not await rows.Movement.exists(id=payment_id, person_id=by):
        raise NotFound
    row = await Payment.get_or_none(movement_id=payment_id)
    if row is None:
        raise NotFound
    return row


async def _changed(
    event: StreamEvent, actor: Actor | None, merchant_id: MerchantId, info: Info
) -> PaymentChanged:
    """The event as its viewer sees it, read now; somebody who left the merchant sees no more."""
    context = info.context
    context.loaders.clear()
    if actor is not None and actor.person_id is not None:
        actor = await context.acting(Scope.READ, merchant_id)
    found = await context.loaders.purchases.load(event.subject_id)
    return PaymentChanged(
        seq=Sequence(event.seq),
        at=event.at,
        status=MovementStatus(rows.MovementStatus(event.status)),
        payment=await payment(found.movement, info, actor=actor),
    )


def _field(refusal: Exception) -> str | None:
    """Which input it was, where this verb calls it otherwise than others do."""
    if isinstance(refusal, CurrencyMismatch):
        return "walletId"
    if isinstance(refusal, codes.NOT_FOLLOWED):
        return "order.code"
    return "order" if isinstance(refusal, payees.SelfPayment) else None
