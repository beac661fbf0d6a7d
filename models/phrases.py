"""What people recognise uPay's letters by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Phrase(Model):
    """One phrase of one person; the current one is that without `replaced_at`."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    text = fields.CharField(max_length=40)
    set_at: datetime = fields.DatetimeField()
    replaced_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "phrases"
