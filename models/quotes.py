"""What a movement will do and cost, and what must be proved before it does."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class QuoteKind(StrEnum):
    """What a quote would become."""

    TRANSFER = "transfer"
    MERCHANT_PAYMENT = "merchant_payment"
    WITHDRAWAL = "withdrawal"


class Capture(StrEnum):
    """When a merchant gets what was paid: at once, or as it asks for what was authorised."""

    NOW = "now"
    LATER = "later"


class Quote(Model):
    """A movement as it was shown to the payer; never changed afterwards.

    `amount` and `fee` are minor units of `currency`. Only `session_id`, which prepared it, can
    confirm it. `is_slowed`: it arrives later than was asked for, so that it can be called back.
    `is_reviewed`: the money is set aside until somebody has looked at it. `payee_id` is null where
    no person is paid. `subject_id` is the order, or the bank account; of a transfer the request it
    answers, if it does.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(QuoteKind, max_length=16, default=QuoteKind.TRANSFER)
    person_id: UUID = fields.UUIDField()
    session_id: UUID | None = fields.UUIDField(null=True)
    source_id: UUID = fields.UUIDField()
    target_id: UUID = fields.UUIDField()
    payee_id: UUID | None = fields.UUIDField(null=True)
    amount: int = fields.BigIntField()
    fee: int = fields.BigIntField(default=0)
    currency = fields.CharField(max_length=3)
    note = fields.CharField(max_length=140, default="")
    subject_id: UUID | None = fields.UUIDField(null=True)
    capture = fields.CharEnumField(Capture, max_length=8, default=Capture.NOW)
    arrival = fields.CharField(max_length=16)
    is_slowed = fields.BooleanField(default=False)
    is_reviewed = fields.BooleanField(default=False)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "quotes"


class Challenge(Model):
    """What must be proved for exactly one quote; `digest` binds it to payer, payee and amount.

    `is_strong`: a PIN alone is not enough.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    quote_id: UUID = fields.UUIDField()
    person_id: UUID = fields.UUIDField()
    digest: bytes = fields.BinaryField()
    is_strong = fields.BooleanField(default=False)
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "challenges"
