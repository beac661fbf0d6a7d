"""What was asked of payment providers and what they said, kept raw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class ProviderOrder(Model):
    """A movement handed to a provider; `reference` is the provider's own number once known."""

    movement_id: UUID = fields.UUIDField(primary_key=True)
    provider = fields.CharField(max_length=32)
    reference = fields.CharField(max_length=64, null=True)
    asks: int = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "provider_orders"


class ProviderMessage(Model):
    """One message from a provider, stored before it is understood; insert-only."""

    id: UUID = fields.UUIDField(primary_key=True)
    provider = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=16)
    movement_id: UUID | None = fields.UUIDField(null=True)
    body: dict[str, Any] = fields.JSONField()
    received_at: datetime = fields.DatetimeField()

    class Meta:
        table = "provider_messages"
