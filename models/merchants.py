"""Merchants, the people who work for them, and the keys their programs show."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class MerchantStatus(StrEnum):
    """Where a merchant stands; only one that is ACCEPTING takes payments, refunds go on."""

    APPLIED = "applied"
    REJECTED = "rejected"
    ACCEPTING = "accepting"
    PAUSED = "paused"
    CLOSED = "closed"


class MemberRole(StrEnum):
    """What somebody may do for a merchant; see `domain.merchants.scopes`."""

    OWNER = "owner"
    MANAGER = "manager"
    CASHIER = "cashier"
    VIEWER = "viewer"


class Merchant(Model):
    """A business that takes payments; its name is never masked.

    `number` is what people name it by, ten digits. `category` is its ISO 18245 code. `owner_id` is
    the person who answers for it, and `offered_to` a member who is asked to. `reason` is of the
    desk's decision, or of the last suspension. One that is PAUSED was paused by its own people, or
    suspended by the desk, or both.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=10, unique=True)
    name = fields.CharField(max_length=64)
    category = fields.CharField(max_length=4)
    country = fields.CharField(max_length=2)
    city = fields.CharField(max_length=64)
    status = fields.CharEnumField(MerchantStatus, max_length=16)
    owner_id: UUID = fields.UUIDField()
    applied_at: datetime = fields.DatetimeField()
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decided_by: UUID | None = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=500, null=True)
    paused_at: datetime | None = fields.DatetimeField(null=True)
    suspended_at: datetime | None = fields.DatetimeField(null=True)
    offered_to: UUID | None = fields.UUIDField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "merchants"


class MerchantMember(Model):
    """Somebody who works for a merchant; unique by merchant and person."""

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    person_id: UUID = fields.UUIDField()
    role = fields.CharEnumField(MemberRole, max_length=8)
    added_at: datetime = fields.DatetimeField()

    class Meta:
        table = "merchant_members"


class ApiKey(Model):
    """A key of a merchant's programs; only its digest is kept, and `hint`, the end of it."""

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    name = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64, unique=True)
    hint = fields.CharField(max_length=8)
    scopes: list[str] = fields.JSONField()
    made_by: UUID = fields.UUIDField()
    created_at: datetime = fields.DatetimeField()
    last_used_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "api_keys"
