"""What was asked of payment providers and what they said, kept raw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.rows import Model


class ProviderOrder(Model):
    """A movement handed to a provider; `reference` is the provider's own number once known.

    `told_at` is null while the provider certainly knows nothing of it, as before it is handed over
    or when it could not be reached. `token` is the provider's word for the card or bank account
    `bank_account_id`, `decline_code` its word for why it said no.
    """

    movement_id: UUID = fields.UUIDField(primary_key=True)
    provider = fields.CharField(max_length=32)
    reference = fields.CharField(max_length=64, null=True)
    asks: int = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()
    told_at: datetime | None = fields.DatetimeField(null=True)
    bank_account_id: UUID | None = fields.UUIDField(null=True)
    token = fields.CharField(max_length=64, null=True)
    decline_code = fields.CharField(max_length=64, null=True)

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
