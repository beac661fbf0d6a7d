"""What agents looked at and did, with the reason they gave; insert-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.rows import Model


class AuditRecord(Model):
    """One act of one person; `detail` holds codes and ids, never a secret or an amount."""

    id: UUID = fields.UUIDField(primary_key=True)
    actor_id: UUID = fields.UUIDField()
    action = fields.CharField(max_length=64)
    subject_id: UUID | None = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=500)
    detail: dict[str, Any] = fields.JSONField(default=dict)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "audit_records"
