"""Movements: whatever moves money, from what was asked to how it ended."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class MovementKind(StrEnum):
    TRANSFER = "transfer"
    TOP_UP = "top_up"
    ADJUSTMENT = "adjustment"
    MERCHANT_PAYMENT = "merchant_payment"
    REFUND = "refund"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"  # of a withdrawal that the bank sent back
    REVERSAL = "reversal"  # of a top-up that the bank took back
    PAYOUT = "payout"  # what a settlement brings to a merchant's bank
    FEE = "fee"  # what a settlement's payments cost their merchant


class MovementStatus(StrEnum):
    """Where a movement stands; UNKNOWN (a provider's answer was lost) is not FAILED.

    IN_REVIEW becomes COMPLETED, PENDING (it arrives later), FAILED or CANCELLED.
    """

    PENDING = "pending"
    IN_REVIEW = "in_review"
    UNKNOWN = "unknown"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in {MovementStatus.COMPLETED, MovementStatus.FAILED, MovementStatus.CANCELLED}


class Movement(Model):
    """Money that moved, is moving, or did not move and why; written by `domain.ledger` alone.

    `amount` and `fee` are minor units of `currency`; the source pays both. `person_id` is who
    asked for it: the other side sees a movement only once it is completed. History is ordered by
    (created_at, id). `counted_on` is the payer's day on which it counts for their limits; null when
    it counts for none. `origin_id` is the movement that this one answers: of a refund the payment.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(MovementKind, max_length=16)
    status = fields.CharEnumField(MovementStatus, max_length=16)
    person_id: UUID = fields.UUIDField()
    source_id: UUID = fields.UUIDField()
    target_id: UUID = fields.UUIDField()
    amount: int = fields.BigIntField()
    fee: int = fields.BigIntField(default=0)
    currency = fields.CharField(max_length=3)
    note = fields.CharField(max_length=140, default="")
    failure_code = fields.CharField(max_length=48, null=True)
    failure_missing: int | None = fields.BigIntField(null=True)
    stream_seq: int = fields.BigIntField(default=0)
    arrives_at: datetime | None = fields.DatetimeField(null=True)
    counted_on: date | None = fields.DateField(null=True)
    origin_id: UUID | None = fields.UUIDField(null=True)
    created_at: datetime = fields.DatetimeField()
    settled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "movements"

    @property
    def failed_for(self) -> str | None:
        """The code of why it failed: of a refund, whose funds are short is said with it."""
        is_short = self.failure_code in {"INSUFFICIENT_FUNDS", "FUNDS_ON_HOLD"}
        if self.kind is MovementKind.REFUND and is_short:
            return "MERCHANT_FUNDS_SHORT"
        return self.failure_code


class IdempotencyKey(Model):
    """A key somebody gave for one operation, and the movement that answered it.

    The primary key is (owner_id, key); `owner_id` stands here because a model needs one column.
    """

    owner_id: UUID = fields.UUIDField(primary_key=True)
    key = fields.CharField(max_length=64)
    digest: bytes = fields.BinaryField()
    movement_id: UUID = fields.UUIDField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "idempotency_keys"


class Hold(Model):
    """Money set aside for a movement; the journal's hold postings are the truth, this their sum.

    What remains is `amount - captured - released`, in minor units.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    movement_id: UUID = fields.UUIDField()
    source_id: UUID = fields.UUIDField()
    target_id: UUID = fields.UUIDField()
    amount: int = fields.BigIntField()
    captured: int = fields.BigIntField(default=0)
    released: int = fields.BigIntField(default=0)
    currency = fields.CharField(max_length=3)
    expires_at: datetime = fields.DatetimeField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "holds"

    @property
    def remaining(self) -> int:
        return self.amount - self.captured - self.released
