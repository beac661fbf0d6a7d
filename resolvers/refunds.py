"""Giving money of payments back, and asking for it."""

from __future__ import annotations

from uuid import UUID

import strawberry

from domain import refunds
from domain.merchants import Scope
from domain.refusals import NotFound
from models import refunds as rows
from models.movements import Movement
from schema import ids, pages
from schema.context import Info
from schema.orders import MerchantId
from schema.payment_refunds import PaymentRefund, refunds_by
from schema.problems.base import named
from schema.refund_states import RefundStatus
from schema.refunds import (
    ApproveRefundInput,
    ApproveRefundResult,
    RefundPaymentInput,
    RefundPaymentResult,
    RefundRejected,
    RefundRequested,
    RefundRequestWithdrawn,
    RejectRefundInput,
    RejectRefundResult,
    RequestRefundInput,
    RequestRefundResult,
    RetryRefundInput,
    RetryRefundResult,
    WithdrawRefundRequestInput,
    WithdrawRefundRequestResult,
    given,
)


@strawberry.type
class RefundQueries:
    @strawberry.field(
        description="A refund of a payment that you made, or that was made to the merchant you act "
        "for."
    )
    async def refund(
        self, info: Info, id: strawberry.ID, merchant_id: MerchantId = None
    ) -> PaymentRefund:
        context = info.context
        if context.key_holder is None and merchant_id is None:
            return PaymentRefund.of(await _of_payer(context.person.person_id, id), info)
        actor = await context.acting(Scope.READ, merchant_id)
        row = await rows.Refund.get_or_none(id=_parsed(id), merchant_id=actor.merchant_id)
        if row is None:
            raise NotFound
        return PaymentRefund.of(row, info, actor=actor)

    @strawberry.field(description="The refunds of the merchant that you act for, newest first.")
    async def refunds(
        self,
        info: Info,
        merchant_id: MerchantId = None,
        status: RefundStatus | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[PaymentRefund]:
        actor = await info.context.acting(Scope.READ, merchant_id)
        return await refunds_by(actor, status, first, after, info)


@strawberry.type
class RefundMutations:
    @strawberry.mutation(
        description="Gives money of a payment back to whoever paid, all of it or a part, as often "
        "as there is something left. Also a merchant that is paused can."
    )
    async def refund_payment(self, info: Info, input: RefundPaymentInput) -> RefundPaymentResult:
        actor = await info.context.acting(Scope.REFUNDS, input.merchant_id)
        try:
            row = await refunds.refund(
                input.wish(), by=actor, key=input.idempotency_key, now=info.context.now
            )
        except refunds.REFUND_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return given(row, actor, info)

    @strawberry.mutation(description="Gives what a customer asked for.")
    async def approve_refund(self, info: Info, input: ApproveRefundInput) -> ApproveRefundResult:
        actor = await info.context.acting(Scope.REFUNDS, input.merchant_id)
        try:
            row = await refunds.approve(
                by=actor,
                refund_id=_parsed(input.refund_id),
                key=input.idempotency_key,
                now=info.context.now,
            )
        except refunds.APPROVE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return given(row, actor, info)

    @strawberry.mutation(description="Tries a refund again that failed; it stays the same refund.")
    async def retry_refund(self, info: Info, input: RetryRefundInput) -> RetryRefundResult:
        actor = await info.context.acting(Scope.REFUNDS, input.merchant_id)
        try:
            row = await refunds.retry(
                by=actor,
                refund_id=_parsed(input.refund_id),
                key=input.idempotency_key,
                now=info.context.now,
            )
        except refunds.RETRY_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return given(row, actor, info)

    @strawberry.mutation(description="Says no to what a customer asked for; no money moves.")
    async def reject_refund(self, info: Info, input: RejectRefundInput) -> RejectRefundResult:
        actor = await info.context.acting(Scope.REFUNDS, input.merchant_id)
        try:
            row = await refunds.reject(
                by=actor,
                refund_id=_parsed(input.refund_id),
                answer=input.note,
                now=info.context.now,
            )
        except refunds.REJECT_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RefundRejected(refund=PaymentRefund.of(row, info, actor=actor))

    @strawberry.mutation(
        description="Asks the merchant to give money of your payment back. It is reminded after "
        "three days; after seven uPay looks into it."
    )
    async def request_refund(self, info: Info, input: RequestRefundInput) -> RequestRefundResult:
        by = info.context.person.person_id
        try:
            row = await refunds.request(input.wish(), by=by, now=info.context.now)
        except refunds.REQUEST_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RefundRequested(refund=PaymentRefund.of(row, info))

    @strawberry.mutation(description="Takes back what you asked for, before it is answered.")
    async def withdraw_refund_request(
        self, info: Info, input: WithdrawRefundRequestInput
    ) -> WithdrawRefundRequestResult:
        by = info.context.person.person_id
        try:
            row = await refunds.withdraw(
                by=by, refund_id=_parsed(input.refund_id), now=info.context.now
            )
        except refunds.WITHDRAW_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return RefundRequestWithdrawn(refund=PaymentRefund.of(row, info))


async def _of_payer(person_id: UUID, id: strawberry.ID) -> rows.Refund:
    row = await rows.Refund.get_or_none(id=_parsed(id))
    if row is None or not await Movement.exists(id=row.payment_id, person_id=person_id):
        raise NotFound
    return row


def _parsed(id: strawberry.ID) -> UUID:
    return ids.parse(id, ids.Prefix.PAYMENT_REFUND)
