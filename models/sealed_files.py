"""Files that only the server's keys open, in parts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class SealedFile(Model):
    """One file; `sealed_key` is its own key, sealed with one of the server's."""

    id: UUID = fields.UUIDField(primary_key=True)
    sealed_key: bytes = fields.BinaryField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "sealed_files"


class SealedPart(Model):
    """One part of a file; the primary key is (file_id, number), and numbers begin with 0."""

    file_id: UUID = fields.UUIDField(primary_key=True)
    number: int = fields.IntField()
    sealed: bytes = fields.BinaryField()

    class Meta:
        table = "sealed_parts"
