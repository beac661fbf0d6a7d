"""What becomes of refunds in time: questions nobody answered, and money that waits for a wallet."""

from __future__ import annotations

from datetime import datetime

from domain import refunds
from models.jobs import Job
from models.movements import Movement
from models.refunds import Refund, RefundStatus


async def remind_of_refund_request(job: Job, now: datetime) -> None:
    """Tells the merchant once more of a request; of one that was answered nothing."""
    await refunds.remind(job.subject_id, now)


async def escalate_refund_request(job: Job, now: datetime) -> None:
    """Opens a case about a request that nobody answered; repeated, it changes nothing."""
    await refunds.escalate(job.subject_id, now)


async def deliver_refund(job: Job, now: datetime) -> None:
    """Lets one refund arrive that waits with uPay; repeated, it changes nothing."""
    await refunds.deliver(job.subject_id, now)


async def deliver_refunds(job: Job, now: datetime) -> None:
    """Lets every refund arrive that waits for a wallet, which was opened again."""
    paid = await Movement.filter(source_id=job.subject_id).values_list("id", flat=True)
    waiting = Refund.filter(payment_id__in=list(paid), status=RefundStatus.PENDING)
    for refund in await waiting.order_by("id"):
        await refunds.deliver(refund.id, now)
