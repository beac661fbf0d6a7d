"""Devices that people signed in on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Device(Model):
    """One device of one person; of the token it shows when it comes back only the SHA-256 (hex).

    Once `forgotten_at` is set its token means nothing any more.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    token_hash = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=64, default="")
    platform = fields.CharField(max_length=32, default="")
    address = fields.CharField(max_length=64, default="")
    created_at: datetime = fields.DatetimeField()
    last_seen_at: datetime = fields.DatetimeField()
    forgotten_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "devices"
