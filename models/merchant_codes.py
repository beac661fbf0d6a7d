"""Codes without an amount that merchants hang up, one for each till."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class MerchantCode(Model):
    """A lasting code of a merchant; unique by merchant, currency, `store` and `till`.

    `token` is the random word it carries; another one makes what hangs there void. `store` and
    `till` are the merchant's own words for the place, empty where there is only one.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    store = fields.CharField(max_length=25)
    till = fields.CharField(max_length=25)
    token = fields.CharField(max_length=16, unique=True)
    created_at: datetime = fields.DatetimeField()
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "merchant_codes"
