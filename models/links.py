"""Links in letters, each used once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class LinkKind(StrEnum):
    """What a link does once its page was sent off."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind
    FREEZE = "freeze"
    ANSWER = "answer"


class Link(Model):
    """One link of one person; `subject_id` is what it is about, such as the event of a letter."""

    id: UUID = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(LinkKind, max_length=16)
    person_id: UUID = fields.UUIDField()
    subject_id: UUID = fields.UUIDField()
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "links"
