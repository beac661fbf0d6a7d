"""Settlements: what merchants pay for being paid, and how what they took is brought to them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class FeePayer(StrEnum):
    """Who pays a fee: the merchant when it is settled, or the customer with the payment."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"


class MerchantFee(Model):
    """A fee of `fixed` minor units and `rate` millionths of a payment; never changed.

    The newest that was in force (`since`) when a payment was made is the payment's. One of a
    merchant goes before one of everybody, whose `merchant_id` is null.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID | None = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    fixed: int = fields.BigIntField()
    rate: int = fields.IntField()
    payer = fields.CharEnumField(FeePayer, max_length=8)
    since: datetime = fields.DatetimeField()
    set_by: UUID = fields.UUIDField()
    set_at: datetime = fields.DatetimeField()

    class Meta:
        table = "merchant_fees"


class Settlement(Model):
    """A run of a merchant account's entries, (from_version, to_version], up to the end of `day`.

    All in minor units: `opening` and what was captured, less what was refunded and paid out to the
    bank, `other` (corrections) and the `fees` taken, is `closing`. Of `fees_due` what the account
    could not pay is due again in the next one. `payout` is what was sent on its way by this one; it
    is among what a later settlement has `paid_out`, once the bank has it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    account_id: UUID = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    day: date = fields.DateField()
    from_version: int = fields.BigIntField()
    to_version: int = fields.BigIntField()
    opening: int = fields.BigIntField()
    captured: int = fields.BigIntField()
    refunded: int = fields.BigIntField()
    paid_out: int = fields.BigIntField()
    other: int = fields.BigIntField()
    fees_due: int = fields.BigIntField()
    fees: int = fields.BigIntField()
    closing: int = fields.BigIntField()
    payout: int = fields.BigIntField()
    fee_id: UUID | None = fields.UUIDField(null=True)
    payout_id: UUID | None = fields.UUIDField(null=True, unique=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "merchant_settlements"
