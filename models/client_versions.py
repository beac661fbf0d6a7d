"""Which versions of the apps may still be used."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Platform(StrEnum):
    """What an app runs on, spelt as clients say it."""

    IOS = "ios"
    ANDROID = "android"
    WEB = "web"
    MINI_PROGRAM = "mini-program"


class ClientVersion(Model):
    """The policy of one platform; versions are dotted numbers such as `4.2.1`."""

    platform = fields.CharEnumField(Platform, max_length=16, primary_key=True)
    minimum = fields.CharField(max_length=32)
    recommended = fields.CharField(max_length=32)
    notes_zh = fields.CharField(max_length=500)
    notes_en = fields.CharField(max_length=500)
    url = fields.CharField(max_length=500)
    changed_by: UUID = fields.UUIDField()
    changed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "client_versions"
