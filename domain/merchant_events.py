"""What merchants are told of: one row for each thing that happened, and the job that tells it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import jobs
from domain.decisions import Announce
from models.ids import new_id
from models.payments import MerchantEvent

TELL_JOB: Final = "tell_merchant"
"""Its subject is the event: writes the body, and has each endpoint told that wants it."""


class EventType(StrEnum):
    """Everything a merchant can be told of; what an event's subject is follows its first word.

    The ledger writes those of payments, in `ledger_write_payments`.
    """

    PAYMENT_PENDING = "payment.pending"
    PAYMENT_AUTHORIZED = "payment.authorized"
    PAYMENT_CAPTURED = "payment.captured"
    PAYMENT_VOIDED = "payment.voided"
    PAYMENT_FAILED = "payment.failed"
    ORDER_CLOSED = "order.closed"
    REFUND_REQUESTED = "refund.requested"
    REFUND_WITHDRAWN = "refund.withdrawn"
    REFUND_PENDING = "refund.pending"
    REFUND_SUCCEEDED = "refund.succeeded"
    REFUND_FAILED = "refund.failed"
    REFUND_REJECTED = "refund.rejected"
    SETTLEMENT_CREATED = "settlement.created"
    SETTLEMENT_PAID = "settlement.paid"
    PAYOUT_SUCCEEDED = "payout.succeeded"
    PAYOUT_FAILED = "payout.failed"
    ENDPOINT_DISABLED = "webhook_endpoint.disabled"
    ENDPOINT_TESTED = "webhook_endpoint.tested"


async def record(
    announce: Announce, merchant_id: UUID, type: str, *, subject_id: UUID, now: datetime
) -> MerchantEvent:
    """Writes down in the caller's decision that something happened, and has the merchant told.

    `type` is one of `EventType`; `subject_id` is the payment's movement, the order, the refund,
    the settlement batch or the endpoint that it is about. What is sent is read later, by the job.
    """
    event = await MerchantEvent.create(
        id=new_id(), merchant_id=merchant_id, type=EventType(type), subject_id=subject_id, at=now
    )
    await jobs.enqueue(announce, TELL_JOB, subject_id=event.id, due_at=now)
    return event
