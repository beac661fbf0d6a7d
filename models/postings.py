"""The journal: postings and their entries, insert-only, guarded by triggers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model
from models.wallets import Side


class PostingKind(StrEnum):
    MOVE = "move"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


class Posting(Model):
    """Entries that belong together and sum to zero, in one currency."""

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(PostingKind, max_length=16)
    movement_id: UUID = fields.UUIDField()
    hold_id: UUID | None = fields.UUIDField(null=True)
    reverses_id: UUID | None = fields.UUIDField(null=True, unique=True)
    currency = fields.CharField(max_length=3)
    posted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "postings"


class Entry(Model):
    """One line of a posting on one account, in minor units.

    `posted` is zero or more; `pending` is positive when a hold is placed and negative when it is
    captured or released. `balance_after` is the posted balance from the account's normal side.
    The primary key is (account_id, version), `version` without gaps.
    """

    account_id: UUID = fields.UUIDField(primary_key=True)
    version: int = fields.BigIntField()
    posting_id: UUID = fields.UUIDField()
    side = fields.CharEnumField(Side, max_length=1)
    posted: int = fields.BigIntField()
    pending: int = fields.BigIntField()
    balance_after: int = fields.BigIntField()

    class Meta:
        table = "entries"
