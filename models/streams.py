"""What subscriptions carry: one row per event, numbered without gaps within its stream."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class StreamEvent(Model):
    """One event; the stream is the id of its wallet or movement, the primary key (stream_id, seq).

    `seq` is taken under the lock of the row the stream belongs to, so whoever sees n has seen or
    can read everything before n. Events carry ids and a status; readers look the rest up as
    themselves.
    """

    stream_id: UUID = fields.UUIDField(primary_key=True)
    seq: int = fields.BigIntField()
    kind = fields.CharField(max_length=32)
    subject_id: UUID = fields.UUIDField()
    status = fields.CharField(max_length=16)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "stream_events"
