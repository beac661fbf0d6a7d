"""What is kept of a verdict: hits, where the payer was, and the question to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, links, security_events
from domain.decisions import Announce
from domain.risk.facts import Payment
from domain.risk.verdicts import Hit, Silence, Verdict
from models.ids import new_id
from models.links import LinkKind
from models.risk import Inquiry, InquiryStatus, PersonPlace, RiskHit
from models.security_events import EventKind

ANSWER_WITHIN: Final = timedelta(hours=24)
UNANSWERED_JOB: Final = "close_inquiry"


async def record(
    announce: Announce, payment: Payment, verdict: Verdict, quote_id: UUID | None, now: datetime
) -> None:
    """Keeps what the rules found, shadow hits too, in the decision that keeps the quote.

    `quote_id` is None for a payment that is declined: open a decision for this, and raise
    `PaymentDeclined` after it. Where a rule asks, the payer is asked whether it was them, once at
    a time about a device or a payee.
    """
    rows = [_hit(payment, verdict, hit, quote_id, now) for hit in verdict.hits]
    if rows:
        await RiskHit.bulk_create(rows)
    if verdict.place is not None and verdict.is_place_noted:
        await note_place(payment.person_id, verdict.place, now)
    asking = [hit for hit in verdict.live if hit.ask]
    if asking:
        await _ask(announce, payment, verdict, asking, quote_id, now)


async def note_place(person_id: UUID, place: str, now: datetime) -> None:
    """Remembers that somebody was there, as their own; joins the caller's decision."""
    seen = PersonPlace(person_id=person_id, place=place, seen_at=now)
    await PersonPlace.bulk_create(
        [seen], on_conflict=("person_id", "place"), update_fields=("seen_at",)
    )


def _hit(
    payment: Payment, verdict: Verdict, hit: Hit, quote_id: UUID | None, now: datetime
) -> RiskHit:
    return RiskHit(
        id=new_id(),
        person_id=payment.person_id,
        quote_id=quote_id,
        rule=hit.rule,
        outcome=hit.outcome.value,
        force=hit.force.value,
        place=verdict.place,
        policy=verdict.policy,
        at=now,
    )


async def _ask(
    announce: Announce,
    payment: Payment,
    verdict: Verdict,
    asking: list[Hit],
    quote_id: UUID | None,
    now: datetime,
) -> None:
    inquiry = Inquiry(
        id=new_id(),
        person_id=payment.person_id,
        session_id=payment.session_id,
        payee_id=payment.payee_id if payment.is_person_paid else None,
        payee_name=payment.payee_name,
        subject_id=asking[0].subject_id,
        quote_id=quote_id,
        amount=payment.amount,
        currency=payment.currency,
        address=payment.address,
        place=verdict.place,
        rules=[hit.rule for hit in asking if hit.subject_id == asking[0].subject_id],
        is_reviewed_unanswered=any(hit.unanswered is Silence.REVIEW for hit in asking),
        status=InquiryStatus.ASKED,
        asked_at=now,
        deadline_at=now + ANSWER_WITHIN,
    )
    await Inquiry.bulk_create([inquiry], ignore_conflicts=True)
    if not await Inquiry.exists(id=inquiry.id):
        return
    await links.make(LinkKind.ANSWER, person_id=payment.person_id, subject_id=inquiry.id, now=now)
    await security_events.record(
        announce,
        EventKind.PAYMENT_QUESTIONED,
        person_id=payment.person_id,
        now=now,
        session_id=payment.session_id,
        address=payment.address,
        inquiry_id=str(inquiry.id),
        place=verdict.place,
    )
    await jobs.enqueue(announce, UNANSWERED_JOB, subject_id=inquiry.id, due_at=inquiry.deadline_at)
