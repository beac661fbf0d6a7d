"""Work to be done later, written in the same transaction as what caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Job(Model):
    """One piece of work; UNIQUE (kind, subject_id, due_at) keeps it from being asked for twice.

    `run_at` is the next try, `lease` and `lease_until` say who is at it, `failed_at` is set when
    the tries are used up. `payload` holds ids and codes, never a secret.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=48)
    subject_id: UUID = fields.UUIDField()
    due_at: datetime = fields.DatetimeField()
    run_at: datetime = fields.DatetimeField()
    payload: dict[str, Any] = fields.JSONField(default=dict)
    attempts: int = fields.IntField(default=0)
    lease: UUID | None = fields.UUIDField(null=True)
    lease_until: datetime | None = fields.DatetimeField(null=True)
    done_at: datetime | None = fields.DatetimeField(null=True)
    failed_at: datetime | None = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "jobs"
