"""Passkeys and what they sign."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Passkey(Model):
    """A key pair on somebody's device; only its public half is here.

    `sign_count` grows with each use where the device counts, and stays 0 where it does not.
    `transports` says how the device is reached, as browsers name it, separated by commas.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    credential_id: bytes = fields.BinaryField()
    public_key: bytes = fields.BinaryField()
    sign_count: int = fields.BigIntField(default=0)
    transports = fields.CharField(max_length=100, default="")
    is_synced = fields.BooleanField()
    name = fields.CharField(max_length=64)
    created_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "passkeys"


class ChallengePurpose(StrEnum):
    """What somebody signed in is asked to sign for."""

    REGISTER = "register"  # that the device makes a passkey of theirs
    PROVE = "prove"  # that it is still them


class PasskeyChallenge(Model):
    """What a session was asked to sign; the primary key is (session_id, purpose)."""

    session_id: UUID = fields.UUIDField(primary_key=True)
    purpose = fields.CharEnumField(ChallengePurpose, max_length=8)
    challenge: bytes = fields.BinaryField()
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "passkey_challenges"


class SpentSignInChallenge(Model):
    """The SHA-256 (hex) of a challenge that has opened a session."""

    hash = fields.CharField(max_length=64, primary_key=True)
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "spent_sign_in_challenges"
