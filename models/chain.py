"""The chain: what was written for ever, numbered and bound to everything before it; insert-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class LinkKind(StrEnum):
    """Which table a link's subject stands in."""

    POSTING = "posting"
    AUDIT_RECORD = "audit_record"


class ChainLink(Model):
    """One link: the subject's place in the chain, and the SHA-256 over it and all before it.

    `seq` has no gaps. `entries` is how many entries a posting has, 0 for an audit record.
    """

    seq: int = fields.BigIntField(primary_key=True, generated=False)
    kind = fields.CharEnumField(LinkKind, max_length=16)
    subject_id: UUID = fields.UUIDField(unique=True)
    entries: int = fields.IntField()
    hash: bytes = fields.BinaryField()
    sealed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "chain_links"


class ChainAnchor(Model):
    """The chain as it stood when a day (UTC) was over, signed with a key the database never sees.

    `postings` and `entries` count everything sealed up to `last_seq`, from the first day on.
    """

    day: date = fields.DateField(primary_key=True)
    last_seq: int = fields.BigIntField()
    hash: bytes = fields.BinaryField()
    postings: int = fields.BigIntField()
    entries: int = fields.BigIntField()
    key_id = fields.CharField(max_length=16)
    mac: bytes = fields.BinaryField()
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "chain_anchors"


class Unsealed(Model):
    """Something written that waits for its link; put here by triggers, taken by the sealer.

    There is no primary key; `subject_id` stands here because a model needs one column. `since` is
    by PostgreSQL's own clock.
    """

    subject_id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(LinkKind, max_length=16)
    since: datetime = fields.DatetimeField()

    class Meta:
        table = "unsealed"
