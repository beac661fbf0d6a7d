"""Refunds: money of a payment that goes back, given by merchants or asked for by payers.

A refund moves money by a movement of its own, at once. It is counted with its payment under the
payment's lock, so that however many are made at once never more goes back than was captured.
"""

from __future__ import annotations

from domain.refunds.asking import (
    ESCALATE_JOB,
    ESCALATED_AFTER,
    REMIND_JOB,
    REMINDED_AFTER,
    REQUEST_REFUSALS,
    WITHDRAW_REFUSALS,
    escalate,
    remind,
    request,
    withdraw,
)
from domain.refunds.automatic import give_back_in
from domain.refunds.giving import DELIVER_JOB, deliver
from domain.refunds.refunding import (
    APPROVE_REFUSALS,
    REFUND_REFUSALS,
    REJECT_REFUSALS,
    RETRY_REFUSALS,
    Wish,
    approve,
    refund,
    reject,
    retry,
)
from domain.refunds.refusals import (
    AlreadyRequested,
    CannotRetry,
    PaymentNotCaptured,
    RefundDecided,
    RefundExceeds,
    RefundWindowClosed,
)
from domain.refunds.terms import WINDOW

__all__ = [
    "APPROVE_REFUSALS",
    "DELIVER_JOB",
    "ESCALATED_AFTER",
    "ESCALATE_JOB",
    "REFUND_REFUSALS",
    "REJECT_REFUSALS",
    "REMINDED_AFTER",
    "REMIND_JOB",
    "REQUEST_REFUSALS",
    "RETRY_REFUSALS",
    "WINDOW",
    "WITHDRAW_REFUSALS",
    "AlreadyRequested",
    "CannotRetry",
    "PaymentNotCaptured",
    "RefundDecided",
    "RefundExceeds",
    "RefundWindowClosed",
    "Wish",
    "approve",
    "deliver",
    "escalate",
    "give_back_in",
    "refund",
    "reject",
    "remind",
    "request",
    "retry",
    "withdraw",
]
