"""Codes that customers show to be charged, and what merchants made of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class PaymentCode(Model):
    """Eighteen digits that a merchant scans within a minute or two, once; only a MAC is kept.

    `address` is the network address it was asked for from. Once it was scanned the merchant, its
    key and the order it made are there; what became of the order is the order's to say.
    `stream_seq` is the last event of its own stream, which has the code's id.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    mac: bytes = fields.BinaryField()
    person_id: UUID = fields.UUIDField()
    session_id: UUID = fields.UUIDField()
    device_id: UUID | None = fields.UUIDField(null=True)
    address = fields.CharField(max_length=64)
    wallet_id: UUID = fields.UUIDField()
    issued_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    merchant_id: UUID | None = fields.UUIDField(null=True)
    key = fields.CharField(max_length=64, null=True)
    key_digest: bytes | None = fields.BinaryField(null=True)
    order_id: UUID | None = fields.UUIDField(null=True, unique=True)
    charged_at: datetime | None = fields.DatetimeField(null=True)
    declined_at: datetime | None = fields.DatetimeField(null=True)
    stream_seq: int = fields.BigIntField(default=0)

    class Meta:
        table = "payment_codes"


class CodePayer(Model):
    """Somebody who lets small sums be paid with a code alone, since they proved who they are.

    `used` is how often that happened on `used_on`, their day.
    """

    person_id: UUID = fields.UUIDField(primary_key=True)
    since: datetime = fields.DatetimeField()
    used_on: date | None = fields.DateField(null=True)
    used = fields.IntField(default=0)

    class Meta:
        table = "code_payers"


class CodeGuard(Model):
    """How often a merchant showed a code that is none, since `began_at`."""

    merchant_id: UUID = fields.UUIDField(primary_key=True)
    wrong_tries = fields.IntField()
    began_at: datetime = fields.DatetimeField()

    class Meta:
        table = "code_guards"
