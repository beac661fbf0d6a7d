"""Which event goes to which endpoint, when it is tried, and what follows from how it went."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain import jobs
from domain.decisions import Announce, decision
from domain.merchant_events import EventType
from domain.webhooks import endpoints, event_filters
from models.ids import new_id
from models.jobs import Job
from models.payments import MerchantEvent
from models.webhooks import (
    AttemptError,
    DeliveryStatus,
    DisableCause,
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

DELIVER_JOB: Final = "deliver_webhook"
"""Its subject is the delivery, its payload the `round` that it belongs to."""

LADDER: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after the try before each try comes: more than three days from the first to the last."""

JITTER: Final = 0.1
"""By up to so much later, so that what failed together does not come back together."""

FAILING_FOR: Final = timedelta(days=3)
REST_MAX: Final = timedelta(hours=1)
"""For so long at most an endpoint is left alone because it asked for it."""

GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one try went; `error` is None when the endpoint took the event.

    `rest_seconds` is for how long it asked to be left alone, if it did.
    """

    at: datetime
    duration_ms: int
    status_code: int | None = None
    answer: str = ""
    error: AttemptError | None = None
    rest_seconds: int | None = None


async def spread(event: MerchantEvent, body: str, job: Job, now: datetime) -> None:
    """Keeps the event's body, asks for a delivery to each endpoint that wants it, ends the job."""
    async with decision() as announce:
        await MerchantEvent.filter(id=event.id, body__isnull=True).update(body=body)
        for endpoint in await _wanting(event):
            delivery = await WebhookDelivery.create(
                id=new_id(),
                endpoint_id=endpoint.id,
                event_id=event.id,
                status=DeliveryStatus.PENDING,
                created_at=now,
                next_at=now,
            )
            await _ask(announce, delivery, now)
        await jobs.finish(job, now)


async def settle(job: Job, delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Writes down how a try went and asks for the next one, or ends the delivery; ends the job.

    Raises:
        LeaseLost: another worker tries it as well by now; nothing was written.
    """
    async with decision() as announce:
        endpoint = await _endpoint_after(delivery.endpoint_id, outcome, now)
        mine = WebhookDelivery.filter(id=delivery.id).select_for_update()
        fresh = None if endpoint is None else await mine.first()
        if endpoint is not None and fresh is not None:
            await _keep(fresh, outcome)
            if (fresh.round, fresh.status) == (delivery.round, DeliveryStatus.PENDING):
                await _follow(announce, fresh, endpoint, outcome, now)
        await jobs.finish(job, now)


async def give_up(job: Job, delivery: WebhookDelivery, now: datetime) -> None:
    """Ends a delivery to an endpoint that is disabled, untried; ends the job."""
    async with decision():
        await WebhookDelivery.filter(
            id=delivery.id, round=delivery.round, status=DeliveryStatus.PENDING
        ).update(status=DeliveryStatus.FAILED, next_at=None, ended_at=now)
        await jobs.finish(job, now)


async def postpone(job: Job, delivery: WebhookDelivery, until: datetime, now: datetime) -> None:
    """Leaves a delivery for later without counting a try; ends the job."""
    async with decision() as announce:
        await WebhookDelivery.filter(
            id=delivery.id, round=delivery.round, status=DeliveryStatus.PENDING
        ).update(next_at=until)
        await _ask(announce, delivery, until)
        await jobs.finish(job, now)


async def _wanting(event: MerchantEvent) -> list[WebhookEndpoint]:
    """The enabled endpoints that the event is for and has not been sent to."""
    enabled = WebhookEndpoint.filter(
        merchant_id=event.merchant_id, status=EndpointStatus.ENABLED
    ).order_by("id")
    if event.type == EventType.ENDPOINT_TESTED:
        return await enabled.filter(id=event.subject_id)
    sent = await WebhookDelivery.filter(event_id=event.id).values_list("endpoint_id", flat=True)
    return [
        each
        for each in await enabled
        if each.id not in sent and event_filters.fits(event.type, each.events)
    ]


async def _ask(announce: Announce, delivery: WebhookDelivery, at: datetime) -> None:
    await jobs.enqueue(
        announce,
        DELIVER_JOB,
        subject_id=delivery.id,
        due_at=at,
        payload={"round": delivery.round},
    )


async def _keep(delivery: WebhookDelivery, outcome: Outcome) -> None:
    await WebhookAttempt.create(
        id=new_id(),
        delivery_id=delivery.id,
        at=outcome.at,
        duration_ms=outcome.duration_ms,
        status_code=outcome.status_code,
        answer=outcome.answer,
        error=outcome.error,
    )


async def _endpoint_after(
    endpoint_id: UUID, outcome: Outcome, now: datetime
) -> WebhookEndpoint | None:
    """The endpoint as a try leaves it, locked only when something of it changes or may change."""
    endpoint = await WebhookEndpoint.get_or_none(id=endpoint_id)
    is_well = outcome.error is None
    if endpoint is None or (is_well and endpoint.failing_since is None):
        return endpoint
    mine = WebhookEndpoint.filter(id=endpoint_id)
    endpoint = await mine.select_for_update(no_key=True).first()
    if endpoint is None:
        return None
    columns: dict[str, Any] = {"failing_since": None if is_well else endpoint.failing_since or now}
    if outcome.rest_seconds:
        columns["resting_until"] = now + min(timedelta(seconds=outcome.rest_seconds), REST_MAX)
    endpoint.update_from_dict(columns)
    await endpoint.save(update_fields=list(columns))
    return endpoint


async def _follow(
    announce: Announce,
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    outcome: Outcome,
    now: datetime,
) -> None:
    """What comes after a try; the delivery is locked, and after a failure its endpoint too."""
    delivery.tries += 1
    is_last = delivery.tries >= len(LADDER)
    is_gone = outcome.status_code == GONE
    if outcome.error is None or is_last or is_gone:
        is_taken = outcome.error is None
        delivery.status = DeliveryStatus.DELIVERED if is_taken else DeliveryStatus.FAILED
        delivery.next_at, delivery.ended_at = None, now
    else:
        delivery.next_at = now + _pause(delivery.tries, outcome.rest_seconds)
        await _ask(announce, delivery, delivery.next_at)
    await delivery.save(update_fields=["tries", "status", "next_at", "ended_at"])
    if is_gone:
        await endpoints.disable_in(announce, endpoint, DisableCause.GONE, now)
    elif is_last and endpoint.failing_since and now - endpoint.failing_since >= FAILING_FOR:
        await endpoints.disable_in(announce, endpoint, DisableCause.FAILING, now)


def _pause(tries: int, rest_seconds: int | None) -> timedelta:
    """How long to wait after the failed try number `tries`."""
    pause = LADDER[tries] * random.uniform(1, 1 + JITTER)  # noqa: S311 - only to spread tries
    return max(pause, min(timedelta(seconds=rest_seconds or 0), REST_MAX))
