"""Exports: archives of what uPay keeps about somebody, made when they ask for one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class ExportStatus(StrEnum):
    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"


class Export(Model):
    """One archive of `length` bytes, `progress` percent done; `file_id` is what there is of it."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    status = fields.CharEnumField(ExportStatus, max_length=8)
    progress: int = fields.SmallIntField(default=0)
    file_id: UUID | None = fields.UUIDField(null=True)
    length: int = fields.BigIntField(default=0)
    asked_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    expires_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "exports"
