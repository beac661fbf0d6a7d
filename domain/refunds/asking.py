"""What a payer does about refunds: asks the merchant for one, or takes the question back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import cases, jobs, merchant_events
from domain.decisions import decision
from domain.merchant_events import EventType
from domain.refunds import steps, terms
from domain.refunds.refunding import Wish
from domain.refunds.refusals import AlreadyRequested, RefundDecided
from domain.refunds.steps import Author
from domain.refusals import NotFound
from models.cases import CaseKind
from models.movements import Movement
from models.refunds import Refund, RefundOrigin, RefundStatus

REMINDED_AFTER: Final = timedelta(days=3)
ESCALATED_AFTER: Final = timedelta(days=7)
"""A merchant that has said nothing for a week will not by itself: somebody at uPay asks."""

REMIND_JOB: Final = "remind_of_refund_request"
ESCALATE_JOB: Final = "escalate_refund_request"
"""Subject of both: the refund that was asked for."""

REQUEST_REFUSALS: Final = (*terms.NOT_GRANTED, AlreadyRequested)
WITHDRAW_REFUSALS: Final = (RefundDecided,)


async def request(wish: Wish, *, by: UUID, now: datetime) -> Refund:
    """Asks the merchant of a payment to give money back; nothing moves before it agrees.

    Raises:
        NotFound: it is no payment of this person.
        One of `terms.NOT_GRANTED`: so much cannot go back, or nothing of this payment.
        AlreadyRequested: the merchant has yet to answer what was asked before.
    """
    payment, paid = await terms.paid(wish.payment_id, person_id=by)
    refund = wish.begun(
        payment, paid, origin=RefundOrigin.CUSTOMER, status=RefundStatus.REQUESTED, now=now
    )
    async with decision() as announce:
        payment = await steps.locked(paid.id)
        waiting = await Refund.get_or_none(payment_id=paid.id, status=RefundStatus.REQUESTED)
        if waiting is not None:
            raise AlreadyRequested(waiting)
        terms.check_refundable(payment, refund.amount, refund.currency)
        await steps.begin(announce, refund, payment, by=Author(person_id=by), now=now)
        for kind, after in ((REMIND_JOB, REMINDED_AFTER), (ESCALATE_JOB, ESCALATED_AFTER)):
            await jobs.enqueue(announce, kind, subject_id=refund.id, due_at=now + after)
    return refund


async def withdraw(*, by: UUID, refund_id: UUID, now: datetime) -> Refund:
    """Takes back what was asked for; done again, it changes nothing.

    Raises:
        NotFound: this person asked for no such refund.
        RefundDecided: the merchant was faster.
    """
    asked = await Refund.get_or_none(id=refund_id, origin=RefundOrigin.CUSTOMER)
    if asked is None or not await Movement.exists(id=asked.payment_id, person_id=by):
        raise NotFound
    if asked.status is RefundStatus.WITHDRAWN:
        return asked
    if asked.status is not RefundStatus.REQUESTED:
        raise RefundDecided(asked)
    try:
        async with decision() as announce:
            return await steps.take(
                announce,
                asked,
                await steps.locked(asked.payment_id),
                by=Author(person_id=by),
                now=now,
                status=RefundStatus.WITHDRAWN,
                settled_at=now,
            )
    except steps.Outrun as outrun:
        raise RefundDecided(outrun.refund) from None


async def remind(refund_id: UUID, now: datetime) -> None:
    """Tells the merchant once more of what it has not answered."""
    async with decision() as announce:
        refund = await _unanswered(refund_id)
        if refund is not None:
            await merchant_events.record(
                announce,
                refund.merchant_id,
                EventType.REFUND_REQUESTED,
                subject_id=refund.id,
                now=now,
            )


async def escalate(refund_id: UUID, now: datetime) -> None:
    """Has somebody at the desk look at what a merchant has not answered for a week."""
    async with decision() as announce:
        refund = await _unanswered(refund_id)
        if refund is not None:
            await cases.open_in(
                announce,
                CaseKind.REFUND_UNANSWERED,
                subject_id=refund.id,
                now=now,
                amount=refund.amount,
                currency=refund.currency,
            )


async def _unanswered(refund_id: UUID) -> Refund | None:
    """The refund while it waits for an answer, locked so that none comes meanwhile."""
    asked = Refund.filter(id=refund_id, status=RefundStatus.REQUESTED)
    return await asked.select_for_update(no_key=True).get_or_none()
