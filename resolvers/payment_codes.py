"""Showing payment codes and answering for them, and charging those that were scanned."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

import strawberry

from domain import payees, payment_codes, streams
from domain.amounts import CurrencyMismatch
from domain.merchants import Scope
from models.streams import StreamEvent
from schema import ids
from schema.context import Info
from schema.events import StreamHeartbeat, StreamReset
from schema.merchant_payments import payment
from schema.money import Sequence
from schema.payment_codes import (
    ChargePaymentCodeInput,
    ChargePaymentCodeResult,
    CodePayments,
    CodePaymentsSet,
    DeclinePaymentCodeInput,
    DeclinePaymentCodeResult,
    IssuePaymentCodeInput,
    IssuePaymentCodeResult,
    PaymentCode,
    PaymentCodeChanged,
    PaymentCodeCharged,
    PaymentCodeDeclined,
    PaymentCodeEvent,
    PaymentCodeIssued,
    SetCodePaymentsInput,
    SetCodePaymentsResult,
)
from schema.problems.base import named


@strawberry.type
class PaymentCodeQueries:
    @strawberry.field(description="A payment code of yours, and what a merchant made of it.")
    async def payment_code(self, info: Info, id: strawberry.ID) -> PaymentCode:
        by = info.context.person.person_id
        return await _seen(ids.parse(id, ids.Prefix.PAYMENT_CODE), by, info)

    @strawberry.field(description="Whether small sums can be charged by a code without asking you.")
    async def code_payments(self, info: Info) -> CodePayments:
        by = info.context.person.person_id
        return CodePayments.of(await payment_codes.is_allowed(by))


@strawberry.type
class PaymentCodeMutations:
    @strawberry.mutation(
        description="A code that a merchant can scan within a minute and a half, once. Of yours "
        "three are good at a time; the oldest ends."
    )
    async def issue_payment_code(
        self, info: Info, input: IssuePaymentCodeInput
    ) -> IssuePaymentCodeResult:
        by, context = info.context.person, info.context
        try:
            issued = await payment_codes.issue(
                by=by,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                address=context.client,
                now=context.now,
            )
        except payment_codes.ISSUE_REFUSALS as refusal:
            return named(refusal, context.language)
        return PaymentCodeIssued(
            payment_code=await PaymentCode.of(issued.code, None, info), digits=issued.digits
        )

    @strawberry.mutation(description="Says no to what was scanned, or ends a code that was not.")
    async def decline_payment_code(
        self, info: Info, input: DeclinePaymentCodeInput
    ) -> DeclinePaymentCodeResult:
        by, code_id = info.context.person.person_id, input.code_id
        id = ids.parse(code_id, ids.Prefix.PAYMENT_CODE)
        try:
            await payment_codes.decline(id, by=by, now=info.context.now)
        except payment_codes.DECLINE_REFUSALS as refusal:
            return named(refusal, info.context.language, field="codeId")
        return PaymentCodeDeclined(payment_code=await _seen(id, by, info))

    @strawberry.mutation(
        description="Lets merchants charge small sums by a code without asking you, or no longer. "
        "To allow it, prove with PIN or passkey first: see `proveIdentity`."
    )
    async def set_code_payments(
        self, info: Info, input: SetCodePaymentsInput
    ) -> SetCodePaymentsResult:
        by, context = info.context.person, info.context
        try:
            await payment_codes.set_allowed(by=by, is_allowed=input.is_enabled, now=context.now)
        except payment_codes.SET_REFUSALS as refusal:
            return named(refusal, context.language)
        is_enabled = await payment_codes.is_allowed(by.person_id)
        return CodePaymentsSet(code_payments=CodePayments.of(is_enabled))

    @strawberry.mutation(
        description="Charges a code that a customer shows. A small sum is paid at once if they let "
        "it; otherwise they are asked, and the same key tells how it stands."
    )
    async def charge_payment_code(
        self, info: Info, input: ChargePaymentCodeInput
    ) -> ChargePaymentCodeResult:
        actor = await info.context.acting(Scope.PAYMENTS, input.merchant_id)
        try:
            paid = await payment_codes.charge(
                input.wish(), merchant_id=actor.merchant_id, now=info.context.now
            )
        except payment_codes.CHARGE_REFUSALS as refusal:
            return named(refusal, info.context.language, field=_field(refusal))
        return PaymentCodeCharged(payment=await payment(await paid.movement(), info, actor=actor))


@strawberry.type
class PaymentCodeSubscriptions:
    @strawberry.subscription(
        description="What becomes of a payment code of yours: scanned, paid at once, declined. "
        "Each event comes once and in order."
    )
    async def payment_code_updated(
        self, info: Info, id: strawberry.ID, after: Sequence | None = None
    ) -> AsyncGenerator[PaymentCodeEvent, None]:
        by, context = info.context.person, info.context
        code, _ = await payment_codes.of(ids.parse(id, ids.Prefix.PAYMENT_CODE), by=by.person_id)
        events = streams.follow(code.id, session_id=by.session_id, after=after, clock=context.clock)
        async with aclosing(events):
            async for told in events:
                match told:
                    case streams.Reset(head):
                        yield StreamReset(head=Sequence(head))
                    case streams.Heartbeat(head):
                        yield StreamHeartbeat(head=Sequence(head))
                    case StreamEvent():
                        context.loaders.clear()
                        yield PaymentCodeChanged(
                            seq=Sequence(told.seq),
                            at=told.at,
                            payment_code=await _seen(code.id, by.person_id, info),
                        )


async def _seen(code_id: UUID, by: UUID, info: Info) -> PaymentCode:
    code, order = await payment_codes.of(code_id, by=by)
    return await PaymentCode.of(code, order, info)


def _field(refusal: Exception) -> str | None:
    """Which input it was, where this verb calls it otherwise than others do."""
    if isinstance(refusal, payees.SelfPayment):
        return "code"
    return "amount.currency" if isinstance(refusal, CurrencyMismatch) else None
