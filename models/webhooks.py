"""Webhooks: where merchants are told of events, and how it went each time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tortoise import fields
from tortoise.connection import get_connection

from models.payments import MerchantEvent
from models.places import Place, newest
from models.rows import Model


class EndpointStatus(StrEnum):
    """Whether anything is sent to an endpoint."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class DisableCause(StrEnum):
    """Why uPay stopped sending to an endpoint."""

    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing came through for three days


class WebhookEndpoint(Model):
    """An address of a merchant's that is told of the events its patterns in `events` fit.

    `failing_since` is the first failure after the last success, None while all is well. Until
    `resting_until` nothing is sent, because the endpoint asked for it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    merchant_id: UUID = fields.UUIDField()
    url = fields.CharField(max_length=2048)
    description = fields.CharField(max_length=140)
    events: list[str] = fields.JSONField()
    status = fields.CharEnumField(EndpointStatus, max_length=8)
    disabled_because = fields.CharEnumField(DisableCause, max_length=8, null=True)
    disabled_at: datetime | None = fields.DatetimeField(null=True)
    failing_since: datetime | None = fields.DatetimeField(null=True)
    resting_until: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "webhook_endpoints"


class WebhookSecret(Model):
    """A secret that signs what is sent to an endpoint; an older one only until `expires_at`."""

    id: UUID = fields.UUIDField(primary_key=True)
    endpoint_id: UUID = fields.UUIDField()
    sealed_secret: bytes = fields.BinaryField()
    made_at: datetime = fields.DatetimeField()
    expires_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "webhook_secrets"


class DeliveryStatus(StrEnum):
    """How the telling of one event to one endpoint stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Model):
    """One event on its way to one endpoint; unique by both.

    `tries` counts those of this `round`: redelivering begins another, and what is left of the
    round before is void. `next_at` is when it is tried next, None once it ended.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    endpoint_id: UUID = fields.UUIDField()
    event_id: UUID = fields.UUIDField()
    status = fields.CharEnumField(DeliveryStatus, max_length=16)
    round: int = fields.IntField(default=1)
    tries: int = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()
    next_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "webhook_deliveries"


class AttemptError(StrEnum):
    """Why an attempt did not deliver."""

    REFUSED_ADDRESS = "refused_address"  # it is none that uPay connects to
    UNREACHABLE = "unreachable"  # nobody took the connection
    TLS = "tls"  # it did not prove to be who it should be
    TIMEOUT = "timeout"
    BROKEN = "broken"  # it hung up, or spoke no HTTP
    REDIRECT = "redirect"
    STATUS = "status"  # it answered, but not with 2xx
    NO_SECRET = "no_secret"  # noqa: S105 - the secret that signs cannot be read any more


class WebhookAttempt(Model):
    """One try of a delivery; `answer` is the first kilobyte of what came back, as text."""

    id: UUID = fields.UUIDField(primary_key=True)
    delivery_id: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField()
    duration_ms: int = fields.IntField()
    status_code: int | None = fields.IntField(null=True)
    answer: str = fields.TextField(default="")
    error = fields.CharEnumField(AttemptError, max_length=16, null=True)

    class Meta:
        table = "webhook_attempts"


async def events(
    merchant_id: UUID, *, limit: int, after: Place | None = None, type: str | None = None
) -> list[MerchantEvent]:
    """Up to `limit` events of a merchant, of one type or all, newest first, after a place."""
    found = MerchantEvent.filter(merchant_id=merchant_id)
    if type is not None:
        found = found.filter(type=type)
    return await newest(found, "at", limit=limit, after=after)


async def deliveries(
    endpoint_id: UUID,
    *,
    limit: int,
    after: Place | None = None,
    status: DeliveryStatus | None = None,
) -> list[WebhookDelivery]:
    """Up to `limit` deliveries to an endpoint, newest first, after a place."""
    found = WebhookDelivery.filter(endpoint_id=endpoint_id)
    if status is not None:
        found = found.filter(status=status)
    return await newest(found, "created_at", limit=limit, after=after)


_LATEST: Final = """
    SELECT a.* FROM unnest($1::uuid[]) d (id)
    CROSS JOIN LATERAL (SELECT * FROM webhook_attempts a WHERE a.delivery_id = d.id
                        ORDER BY a.at DESC, a.id DESC LIMIT $2) a
"""


async def latest_attempts(delivery_ids: list[UUID], *, limit: int) -> list[WebhookAttempt]:
    """The last `limit` attempts of each delivery, newest first; one statement."""
    rows = await get_connection("default").execute_query_dict(_LATEST, [delivery_ids, limit])
    return [WebhookAttempt._init_from_db(**row) for row in rows]
