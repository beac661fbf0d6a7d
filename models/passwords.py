"""What passwords were before, and who asked to choose another because they forgot theirs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class PasswordHash(Model):
    """A password that somebody had until `replaced_at`, as it was kept."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    hash = fields.CharField(max_length=256)
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "password_hashes"


class ResetWay(StrEnum):
    """What a letter about a forgotten password holds."""

    LINK = "link"
    CODE = "code"


class PasswordReset(Model):
    """Somebody forgot the password of whoever owns a contact.

    `contact_mac` is the contact's keyed digest, by which requests are counted. `sealed_contact`
    is the contact itself until the job has found out whose it is; `person_id` and `contact_id`
    stay null when it is nobody's. `wrong_tries` counts codes.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    way = fields.CharEnumField(ResetWay, max_length=8)
    contact_mac: bytes = fields.BinaryField()
    sealed_contact: bytes | None = fields.BinaryField(null=True)
    address = fields.CharField(max_length=64, default="")
    person_id: UUID | None = fields.UUIDField(null=True)
    contact_id: UUID | None = fields.UUIDField(null=True)
    wrong_tries: int = fields.SmallIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "password_resets"
