"""Orders: what a merchant wants to be paid, once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.quotes import Capture
from models.rows import Model


class OrderStatus(StrEnum):
    """OPEN can be paid until it expires; PAID was, once, or its money is authorised."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


class OrderOrigin(StrEnum):
    """How an order came to be."""

    API = "api"
    STATIC_CODE = "static_code"  # the customer typed the amount
    PAYMENT_CODE = "payment_code"  # the merchant scanned the customer's code


class Order(Model):
    """Something to be paid to a merchant; `amount` is minor units of `currency`.

    `number` has sixteen digits, which people can type. `reference` is the merchant's own, unique
    with it. `paid_by` is the movement that took the order; it stays when the order is closed after
    that payment was voided. An open order past `expires_at` can no longer be paid.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=16, unique=True)
    merchant_id: UUID = fields.UUIDField()
    reference = fields.CharField(max_length=64)
    amount: int = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    description = fields.CharField(max_length=140, default="")
    origin = fields.CharEnumField(OrderOrigin, max_length=16)
    capture = fields.CharEnumField(Capture, max_length=8)
    status = fields.CharEnumField(OrderStatus, max_length=8)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    paid_by: UUID | None = fields.UUIDField(null=True)
    paid_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "orders"
