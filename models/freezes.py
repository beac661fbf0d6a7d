"""Freezes: while one is open nothing leaves a person's wallets."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class FreezeOwner(IntEnum):
    """Who froze; the number is the strength, and only an equal or stronger owner lifts it."""

    CUSTOMER = 1
    RULE = 2
    AGENT = 3


class Freeze(Model):
    """One freeze of one person by one owner; a person has at most one open freeze of each owner."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    owner = fields.IntEnumField(FreezeOwner)
    reason = fields.CharField(max_length=500)
    frozen_by: UUID = fields.UUIDField()
    frozen_at: datetime = fields.DatetimeField()
    lifted_by: UUID | None = fields.UUIDField(null=True)
    lifted_at: datetime | None = fields.DatetimeField(null=True)
    lift_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "freezes"
