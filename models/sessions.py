"""Signed-in sessions and the tokens that open them; of these only the SHA-256 (hex) is kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Audience(StrEnum):
    """Which of the two APIs a session opens."""

    PUBLIC = "public"
    DESK = "desk"


class Limit(StrEnum):
    """The one thing that a limited session may do."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 - a kind


class Session(Model):
    """One sign-in; ends at `expires_at` at the latest, or when `ended_at` is set.

    `client` is the network address it was opened from. `device_id` is null for sessions that are
    older than devices, `limited_to` for those that may do everything, and `last_seen_at`, which is
    coarse, until the session is used after its beginning.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    audience = fields.CharEnumField(Audience, max_length=8)
    device_id: UUID | None = fields.UUIDField(null=True)
    limited_to = fields.CharEnumField(Limit, max_length=16, null=True)
    client = fields.CharField(max_length=200, default="")
    created_at: datetime = fields.DatetimeField()
    last_seen_at: datetime | None = fields.DatetimeField(null=True)
    expires_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    end_reason = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "sessions"


class TokenKind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


class SessionToken(Model):
    """A token of a session; a spent refresh token is kept, to notice a second use."""

    hash = fields.CharField(max_length=64, primary_key=True)
    session_id: UUID = fields.UUIDField()
    kind = fields.CharEnumField(TokenKind, max_length=8)
    expires_at: datetime = fields.DatetimeField()
    spent_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "session_tokens"


class SessionProof(Model):
    """When something was last proved in a session; the primary key is (session_id, factor)."""

    session_id: UUID = fields.UUIDField(primary_key=True)
    factor = fields.CharField(max_length=16)
    proved_at: datetime = fields.DatetimeField()

    class Meta:
        table = "session_proofs"
