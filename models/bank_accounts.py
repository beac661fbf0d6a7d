"""Bank accounts and cards that money comes from and goes to, of people and of merchants."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class BankAccountKind(StrEnum):
    """What stands behind it."""

    BANK_ACCOUNT = "bank_account"
    CARD = "card"


class BankAccountStatus(StrEnum):
    """How far it was checked; the last two are ends."""

    PENDING = "pending"  # the provider has yet to say
    AMOUNT_SENT = "amount_sent"  # its owner has yet to say which small amount arrived
    VERIFIED = "verified"
    REFUSED = "refused"
    REMOVED = "removed"

    @property
    def is_over(self) -> bool:
        return self in {BankAccountStatus.REFUSED, BankAccountStatus.REMOVED}


class BankAccount(Model):
    """A bank account or card of exactly one of `person_id` and `merchant_id`.

    `masked` is what may be shown of its number, `fingerprint` a MAC of it. The number itself is in
    the sealed file `file_id`, for as long as the provider must be told of it. `token` is the
    provider's own word for it, known once it is verified; of a card from the beginning.
    `expires_on` is the last day on which a card is good. `amount_tried` (minor units) is what the
    owner says arrived, while the provider has yet to say whether that is right. `refused_for` is
    the provider's word. `ended_at` is since when it is refused or removed.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID | None = fields.UUIDField(null=True)
    merchant_id: UUID | None = fields.UUIDField(null=True)
    kind = fields.CharEnumField(BankAccountKind, max_length=12)
    currency = fields.CharField(max_length=3)
    country = fields.CharField(max_length=2, null=True)
    holder = fields.CharField(max_length=64)
    bank_name = fields.CharField(max_length=64, null=True)
    masked = fields.CharField(max_length=9)
    expires_on: date | None = fields.DateField(null=True)
    fingerprint = fields.CharField(max_length=64)
    file_id: UUID | None = fields.UUIDField(null=True)
    token = fields.CharField(max_length=64, null=True)
    status = fields.CharEnumField(BankAccountStatus, max_length=12)
    refused_for = fields.CharField(max_length=64, null=True)
    amount_tried: int | None = fields.BigIntField(null=True)
    tries_left: int = fields.IntField()
    added_by: UUID = fields.UUIDField()
    added_at: datetime = fields.DatetimeField()
    usable_for_withdrawal_from: datetime = fields.DatetimeField()
    verified_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "bank_accounts"
