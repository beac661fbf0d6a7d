"""Payments to merchants: what became of the money of an order, and what merchants are told."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from tortoise import fields

from models.movements import Movement
from models.rows import Model

_STREAMS: Final = UUID("0192d7a0-5e2c-7c3a-9d55-7550617900ab")


def stream_of(movement_id: UUID) -> UUID:
    """The stream that a payment's own events are in; its movement's ends before it does."""
    return uuid5(_STREAMS, movement_id.hex)


class Payment(Model):
    """A movement that pays an order, with what became of it since. All in minor units.

    `authorized` is what was set aside or paid, of which `captured` is the merchant's and `voided`
    went back before that; `refunded` went back after it, and `refund_pending` is on its way. The
    ledger writes what a posting changes, `domain.refunds` what a refund does. `capture_before` is
    when what is authorised and not captured goes back by itself.
    """

    movement_id: UUID = fields.UUIDField(primary_key=True)
    order_id: UUID = fields.UUIDField()
    merchant_id: UUID = fields.UUIDField()
    stream_id: UUID = fields.UUIDField()
    stream_seq: int = fields.BigIntField(default=1)
    authorized: int = fields.BigIntField(default=0)
    captured: int = fields.BigIntField(default=0)
    voided: int = fields.BigIntField(default=0)
    refunded: int = fields.BigIntField(default=0)
    refund_pending: int = fields.BigIntField(default=0)
    capture_before: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "payments"

    async def movement(self) -> Movement:
        """The movement that this is the payment of, as it is now."""
        return await Movement.get(id=self.movement_id)

    @property
    def refundable(self) -> int:
        """What can still go back, in minor units."""
        return self.captured - self.refunded - self.refund_pending


class MerchantEvent(Model):
    """Something a merchant is told of; `subject_id` is what it is about.

    `body` is what is sent, the same to every endpoint and at every try; null until a job wrote it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    type = fields.CharField(max_length=48)
    subject_id: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField()
    body: str | None = fields.TextField(null=True)

    class Meta:
        table = "merchant_events"
