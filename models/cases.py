"""Cases: what uPay cannot put right by itself, and how somebody at the desk ended it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields

from models.rows import Model


class CaseKind(StrEnum):
    """What somebody must look into; what `subject_id` names stands beside each."""

    REFUND_UNANSWERED = "refund_unanswered"  # a refund: its merchant does not say yes or no
    REFUND_UNCLAIMED = "refund_unclaimed"  # a refund: nobody can be given the money
    PROVIDER_CONTRADICTION = "provider_contradiction"  # a movement: its provider said yes, then no
    PROVIDER_SILENT = "provider_silent"  # a movement: its provider says nothing for a day
    REVERSAL_SHORT = "reversal_short"  # a movement: the wallet holds less than is taken back
    STATEMENT_DIFFERENCE = "statement_difference"  # a line that the books do not have, or not so
    PAYOUT_FAILED = "payout_failed"  # a payout: the bank sent it back


class CaseOutcome(StrEnum):
    """How a case ended."""

    PUT_RIGHT = "put_right"
    NOTHING_WRONG = "nothing_wrong"
    WRITTEN_OFF = "written_off"  # the house bears it


class Case(Model):
    """Something for the desk to look into; one open at a time of a kind and subject.

    `detail` holds codes, ids and minor units, never a name or a secret.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(CaseKind, max_length=32)
    subject_id: UUID = fields.UUIDField()
    detail: dict[str, Any] = fields.JSONField(default=dict)
    opened_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_by: UUID | None = fields.UUIDField(null=True)
    outcome = fields.CharEnumField(CaseOutcome, max_length=16, null=True)
    reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "cases"
