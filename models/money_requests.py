"""Money that people ask one another for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class MoneyRequestStatus(StrEnum):
    """Where a request stands; one past its time can no longer be paid, whatever it says."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class MoneyRequest(Model):
    """`asker_id` wants `amount`, minor units of `currency`, from `payer_id`.

    `movement_id` is the transfer that paid it; one that was called back leaves it paid.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    asker_id: UUID = fields.UUIDField()
    payer_id: UUID = fields.UUIDField()
    amount: int = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    note = fields.CharField(max_length=140, default="")
    status = fields.CharEnumField(MoneyRequestStatus, max_length=16)
    movement_id: UUID | None = fields.UUIDField(null=True, unique=True)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "money_requests"
