"""Papers: pictures and PDFs that people show to prove who they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class MediaType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


class Paper(Model):
    """One paper, of `length` bytes; `request_id` is null until a request names it."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    file_id: UUID = fields.UUIDField()
    request_id: UUID | None = fields.UUIDField(null=True)
    media_type = fields.CharEnumField(MediaType, max_length=32)
    length: int = fields.IntField()
    sha256: bytes = fields.BinaryField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "papers"
