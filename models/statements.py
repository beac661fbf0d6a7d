"""What a provider says it booked on a day, and how that differs from our books."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Statement(Model):
    """One time that a provider's day was fetched; its lines are those of the last time."""

    id: UUID = fields.UUIDField(primary_key=True)
    provider = fields.CharField(max_length=32)
    day: date = fields.DateField()
    rows_read: int = fields.IntField()
    fetched_at: datetime = fields.DatetimeField()

    class Meta:
        table = "statements"


class BookingKind(StrEnum):
    """What a provider booked."""

    CHARGE = "charge"  # taken for us
    PAYOUT = "payout"  # paid out for us
    REVERSAL = "reversal"  # of a charge: taken back from us
    RETURN = "return"  # of a payout: given back to us


class StatementLine(Model):
    """One booking of a day; `amount` and `fee` are minor units of `currency`.

    `reference` is the provider's number for it, `order_id` ours for the order, null where none is
    named.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    statement_id: UUID = fields.UUIDField()
    provider = fields.CharField(max_length=32)
    day: date = fields.DateField()
    reference = fields.CharField(max_length=80)
    order_id: UUID | None = fields.UUIDField(null=True)
    kind = fields.CharEnumField(BookingKind, max_length=8)
    amount: int = fields.BigIntField()
    fee: int = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    booked_at: datetime = fields.DatetimeField()

    class Meta:
        table = "statement_lines"


class DifferenceKind(StrEnum):
    """How a statement differs from our books."""

    MISSING = "missing"  # we know that it was done, and the statement does not
    EXTRA = "extra"  # the statement has it, and we do not
    DOUBLED = "doubled"  # the statement has it more than once
    CHANGED = "changed"  # another amount, currency or direction


class StatementDifference(Model):
    """One difference of a provider's day, found once however often it is looked for.

    `reference` is the id of our order, or the provider's own for what we do not know.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    statement_id: UUID = fields.UUIDField()
    provider = fields.CharField(max_length=32)
    day: date = fields.DateField()
    kind = fields.CharEnumField(DifferenceKind, max_length=8)
    reference = fields.CharField(max_length=80)
    movement_id: UUID | None = fields.UUIDField(null=True)
    expected = fields.CharField(max_length=200)
    found = fields.CharField(max_length=200)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "statement_differences"
