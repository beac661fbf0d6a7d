"""Limits: how much may leave a wallet, as the house says and as its owner says."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class LimitKind(StrEnum):
    """What a limit is on; all are in minor units but PAYMENTS_PER_DAY."""

    SINGLE = "single"  # one payment
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PAYMENTS_PER_DAY = "payments_per_day"


class OwnLimitKind(StrEnum):
    """What people may limit themselves."""

    SINGLE = "single"
    DAY = "day"
    MONTH = "month"


class LimitPolicy(Model):
    """What the house lets leave a wallet of one level and currency, in minor units; null: anything.

    The primary key is (level, currency); `currency` stands here because a model needs one column.
    Every start writes these rows from the policy file.
    """

    currency = fields.CharField(max_length=3, primary_key=True)
    level: int = fields.SmallIntField()
    single: int | None = fields.BigIntField(null=True)
    day: int | None = fields.BigIntField(null=True)
    month: int | None = fields.BigIntField(null=True)
    year: int | None = fields.BigIntField(null=True)
    payments_day: int | None = fields.IntField(null=True)

    class Meta:
        table = "limit_policies"


class OwnLimitRaise(Model):
    """A higher limit of one's own that was asked for, in minor units; `amount` null: none.

    It is open until it is applied or withdrawn; a wallet has one open raise of each kind at most.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    account_id: UUID = fields.UUIDField()
    kind = fields.CharEnumField(OwnLimitKind, max_length=8)
    amount: int | None = fields.BigIntField(null=True)
    asked_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    applied_at: datetime | None = fields.DatetimeField(null=True)
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "own_limit_raises"
