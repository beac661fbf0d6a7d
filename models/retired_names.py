"""Account names that nobody gets again."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from models.rows import Model


class RetiredName(Model):
    """The account name of a closed account, as a MAC (hex) by the server's key `key_id`."""

    mac = fields.CharField(max_length=64, primary_key=True)
    key_id = fields.CharField(max_length=16)
    retired_at: datetime = fields.DatetimeField()

    class Meta:
        table = "retired_names"
