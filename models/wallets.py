"""Ledger accounts; a wallet is the account of a person, everything else belongs to the house."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class AccountKind(StrEnum):
    """The chart of accounts: one of each kind and currency of the house, and those of others."""

    WALLET = "wallet"  # liability: what uPay owes a person
    MERCHANT = "merchant"  # liability: what uPay owes a merchant
    PROVIDER_CLEARING = "provider_clearing"  # asset: what a provider owes uPay
    FEES = "fees"  # revenue
    SUSPENSE = "suspense"  # liability: money whose owner is not yet known
    IN_TRANSIT = "in_transit"  # liability: money on its way out
    EQUITY = "equity"  # the house's own money, and the other side of corrections


class Side(StrEnum):
    DEBIT = "D"
    CREDIT = "C"


class Account(Model):
    """One ledger account with its four counters, in minor units of `currency`.

    Counters only ever grow except `pending_*`, which fall when a hold is captured or released.
    `floor` is the least that may be available (null: none). `version` counts entries and
    `stream_seq` events; both are gapless because they are taken under the row's lock.
    Only `domain.ledger` writes them.

    `spent_*` is what left and counts for the limits, in minor units, in the day `spent_on` of its
    owner, its month and its year; `payments_day` how often on that day. The ledger writes these
    too. `level` is a copy of the owner's; `own_*` are the limits they set themselves (null: none).
    """

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(AccountKind, max_length=24)
    normal_side = fields.CharEnumField(Side, max_length=1)
    currency = fields.CharField(max_length=3)
    owner_id: UUID | None = fields.UUIDField(null=True)
    merchant_id: UUID | None = fields.UUIDField(null=True)
    floor: int | None = fields.BigIntField(null=True)
    posted_debits: int = fields.BigIntField(default=0)
    posted_credits: int = fields.BigIntField(default=0)
    pending_debits: int = fields.BigIntField(default=0)
    pending_credits: int = fields.BigIntField(default=0)
    version: int = fields.BigIntField(default=0)
    stream_seq: int = fields.BigIntField(default=0)
    freeze_level: int = fields.SmallIntField(default=0)
    level: int = fields.SmallIntField(default=0)
    spent_on: date | None = fields.DateField(null=True)
    spent_day: int = fields.BigIntField(default=0)
    spent_month: int = fields.BigIntField(default=0)
    spent_year: int = fields.BigIntField(default=0)
    payments_day: int = fields.IntField(default=0)
    own_single: int | None = fields.BigIntField(null=True)
    own_day: int | None = fields.BigIntField(null=True)
    own_month: int | None = fields.BigIntField(null=True)
    opened_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "accounts"

    @property
    def balance(self) -> int:
        """What is posted, in minor units, seen from the account's normal side."""
        credit = self.posted_credits - self.posted_debits
        return credit if self.normal_side is Side.CREDIT else -credit

    @property
    def held(self) -> int:
        """What is set aside for payments under way, in minor units."""
        return self.pending_debits if self.normal_side is Side.CREDIT else self.pending_credits

    @property
    def available(self) -> int:
        """What may be spent, in minor units."""
        return self.balance - self.held
