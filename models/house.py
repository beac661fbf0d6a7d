"""What a database belongs to: one row, written at the first start; insert-only."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from models.rows import Model


class HouseMark(Model):
    """The mode (demo, test or live) of the servers that may use this database; there is one row."""

    id: int = fields.SmallIntField(primary_key=True, generated=False)
    mode = fields.CharField(max_length=8)
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "house_marks"
