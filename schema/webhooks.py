"""Webhooks as a merchant sees them: endpoints, events, and how each delivery went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final

import strawberry

from models import webhooks as rows
from models.payments import MerchantEvent as EventRow
from schema import ids

ATTEMPTS_SHOWN: Final = 20


@strawberry.enum(description="Whether anything is sent to an endpoint.")
class WebhookEndpointStatus(Enum):
    ENABLED = rows.EndpointStatus.ENABLED
    DISABLED = rows.EndpointStatus.DISABLED


@strawberry.enum(description="Why uPay stopped sending to an endpoint.")
class WebhookDisableCause(Enum):
    GONE = strawberry.enum_value(rows.DisableCause.GONE, description="It answered 410.")
    FAILING = strawberry.enum_value(
        rows.DisableCause.FAILING, description="Nothing came through for three days."
    )


@strawberry.enum(description="How the telling of one event to one endpoint stands.")
class WebhookDeliveryStatus(Enum):
    PENDING = strawberry.enum_value(
        rows.DeliveryStatus.PENDING, description="It will be tried; `nextAt` says when."
    )
    DELIVERED = strawberry.enum_value(
        rows.DeliveryStatus.DELIVERED, description="The endpoint answered with 2xx."
    )
    FAILED = strawberry.enum_value(
        rows.DeliveryStatus.FAILED,
        description="uPay has given it up; `redeliverWebhook` begins anew.",
    )


@strawberry.enum(description="Why an attempt did not deliver.")
class WebhookAttemptError(Enum):
    REFUSED_ADDRESS = strawberry.enum_value(
        rows.AttemptError.REFUSED_ADDRESS,
        description="The host has no address by now, or not only public ones.",
    )
    UNREACHABLE = strawberry.enum_value(
        rows.AttemptError.UNREACHABLE, description="Nobody took the connection."
    )
    TLS = strawberry.enum_value(
        rows.AttemptError.TLS, description="Its certificate does not prove its name."
    )
    TIMEOUT = strawberry.enum_value(
        rows.AttemptError.TIMEOUT, description="No answer within ten seconds."
    )
    BROKEN = strawberry.enum_value(
        rows.AttemptError.BROKEN, description="It hung up, or did not speak HTTP."
    )
    REDIRECT = strawberry.enum_value(
        rows.AttemptError.REDIRECT, description="It answered with 3xx, which is not followed."
    )
    STATUS = strawberry.enum_value(
        rows.AttemptError.STATUS, description="It answered with 4xx or 5xx."
    )
    NO_SECRET = strawberry.enum_value(
        rows.AttemptError.NO_SECRET,
        description="Its secret is lost to uPay: rotate it, and nothing is sent unsigned.",
    )


@strawberry.type(description="An address of a merchant's that is told of events.")
class WebhookEndpoint:
    id: strawberry.ID
    url: str
    description: str = strawberry.field(description="The merchant's own; may be empty.")
    events: list[str] = strawberry.field(
        description="Which events: their types, patterns such as payment.*, or * for all."
    )
    status: WebhookEndpointStatus
    disabled_because: WebhookDisableCause | None
    disabled_at: datetime | None
    failing_since: datetime | None = strawberry.field(
        description="The first failure after the last success; null while all is well."
    )
    created_at: datetime

    @classmethod
    def of(cls, row: rows.WebhookEndpoint) -> WebhookEndpoint:
        cause = row.disabled_because
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.WEBHOOK_ENDPOINT, row.id)),
            url=row.url,
            description=row.description,
            events=row.events,
            status=WebhookEndpointStatus(row.status),
            disabled_because=None if cause is None else WebhookDisableCause(cause),
            disabled_at=row.disabled_at,
            failing_since=row.failing_since,
            created_at=row.created_at,
        )


@strawberry.type(description="Something that happened, which a merchant's endpoints are told of.")
class MerchantEvent:
    id: strawberry.ID = strawberry.field(description="The `webhook-id` it is sent with.")
    type: str = strawberry.field(description="Such as payment.captured.")
    at: datetime = strawberry.field(description="When it happened.")
    body: str | None = strawberry.field(
        description="What is sent, byte for byte; null for the moment until it is written."
    )

    @classmethod
    def of(cls, row: EventRow) -> MerchantEvent:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.MERCHANT_EVENT, row.id)),
            type=row.type,
            at=row.at,
            body=row.body,
        )


@strawberry.type(description="One try of a delivery. Kept for 30 days.")
class WebhookAttempt:
    at: datetime
    duration_ms: int = strawberry.field(description="How long it took, in milliseconds.")
    status_code: int | None = strawberry.field(
        description="The HTTP status of the answer; null when there was none."
    )
    answer: str = strawberry.field(description="The first kilobyte of the answer, as text.")
    error: WebhookAttemptError | None = strawberry.field(description="Null when it delivered.")

    @classmethod
    def of(cls, row: rows.WebhookAttempt) -> WebhookAttempt:
        return cls(
            at=row.at,
            duration_ms=row.duration_ms,
            status_code=row.status_code,
            answer=row.answer,
            error=None if row.error is None else WebhookAttemptError(row.error),
        )


@strawberry.type(description="One event on its way to one endpoint.")
class WebhookDelivery:
    id: strawberry.ID
    endpoint_id: strawberry.ID
    event: MerchantEvent
    status: WebhookDeliveryStatus
    tries: int = strawberry.field(description="Tries since it began, or was asked for again.")
    created_at: datetime
    next_at: datetime | None = strawberry.field(
        description="When it is tried next; null once it has ended."
    )
    ended_at: datetime | None
    attempts: list[WebhookAttempt] = strawberry.field(
        description=f"The last {ATTEMPTS_SHOWN} tries, the newest first."
    )


async def deliveries(found: Sequence[rows.WebhookDelivery]) -> list[WebhookDelivery]:
    """The deliveries with their events and attempts; one statement for each."""
    events = await EventRow.in_bulk([each.event_id for each in found], "id")
    attempts = await rows.latest_attempts([each.id for each in found], limit=ATTEMPTS_SHOWN)
    return [
        WebhookDelivery(
            id=strawberry.ID(ids.public(ids.Prefix.WEBHOOK_DELIVERY, row.id)),
            endpoint_id=strawberry.ID(ids.public(ids.Prefix.WEBHOOK_ENDPOINT, row.endpoint_id)),
            event=MerchantEvent.of(events[row.event_id]),
            status=WebhookDeliveryStatus(row.status),
            tries=row.tries,
            created_at=row.created_at,
            next_at=row.next_at,
            ended_at=row.ended_at,
            attempts=[WebhookAttempt.of(each) for each in attempts if each.delivery_id == row.id],
        )
        for row in found
    ]
