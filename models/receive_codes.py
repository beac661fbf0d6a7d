"""What stands for a wallet in the codes that people are paid by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class ReceiveToken(Model):
    """The random word that a wallet's receive codes carry; another one makes them all void."""

    wallet_id: UUID = fields.UUIDField(primary_key=True)
    token = fields.CharField(max_length=16, unique=True)
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "receive_tokens"
