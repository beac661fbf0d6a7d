"""Whom people pay again and again, and from whom they want nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.rows import Model


class PersonBlock(Model):
    """`person_id` wants neither money nor requests from `blocked_id`; unique by both."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    blocked_id: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "person_blocks"


class FavouritePayee(Model):
    """Somebody a person pays often; `alias` is what they call them, and may be empty."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    payee_id: UUID = fields.UUIDField()
    alias = fields.CharField(max_length=32)
    added_at: datetime = fields.DatetimeField()

    class Meta:
        table = "favourite_payees"


class SurnameGuess(Model):
    """How often a person named a surname that was not the payee's, since when."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    wrong: int = fields.SmallIntField()
    since: datetime = fields.DatetimeField()

    class Meta:
        table = "surname_guesses"
