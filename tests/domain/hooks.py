"""A tea house that is told of events, and what its endpoints answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_network
from typing import Any, Final

from domain import merchant_events, webhooks
from domain.decisions import decision
from domain.webhooks import Neighbourhood, Outcome, Resolve, Wish
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant
from models.payments import MerchantEvent
from models.webhooks import AttemptError, WebhookDelivery, WebhookEndpoint
from tests.moments import NOON

HERE: Final = (ip_network("127.0.0.0/8"),)
URL: Final = "https://93.184.216.34/hooks"
BODY: Final = '{"type":"order.closed","timestamp":"2026-03-02T12:00:00Z","data":{}}'
YES: Final = Outcome(at=NOON, duration_ms=12, status_code=204)
NO: Final = Outcome(
    at=NOON, duration_ms=12, status_code=500, answer="no", error=AttemptError.STATUS
)

GONE: Final = replace(NO, status_code=410)


@contextmanager
def neighbours(resolve: Resolve | None = None) -> Iterator[None]:
    """During the block webhooks may also go to this machine."""
    webhooks.install(Neighbourhood(HERE, resolve))
    try:
        yield
    finally:
        webhooks.install(None)


async def endpoint(merchant: Merchant, **changes: Any) -> WebhookEndpoint:
    """An endpoint of the merchant's that hears everything."""
    wish = Wish(**{"url": URL, "events": ["*"], **changes})
    added, _ = await webhooks.add(merchant.id, wish, NOON)
    return added


async def event(
    merchant: Merchant, type: str = "order.closed", now: datetime = NOON
) -> MerchantEvent:
    """Something that happened to the merchant, about nothing that is there."""
    async with decision() as announce:
        return await merchant_events.record(
            announce, merchant.id, type, subject_id=new_id(), now=now
        )


async def told_about(merchant: Merchant) -> MerchantEvent:
    """Something that happened and is written out already; its job spreads it."""
    happened = await event(merchant)
    await MerchantEvent.filter(id=happened.id).update(body=BODY)
    return happened


async def told(merchant: Merchant, type: str = "order.closed") -> WebhookDelivery:
    """An event on its way to the merchant's only endpoint that hears it."""
    happened = await event(merchant, type)
    await spread(happened)
    return await WebhookDelivery.get(event_id=happened.id)


async def spread(happened: MerchantEvent, now: datetime = NOON) -> None:
    """The event's job, done."""
    job = await Job.get(kind=merchant_events.TELL_JOB, subject_id=happened.id)
    await webhooks.spread(happened, BODY, await leased(job), now)


async def tried(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> WebhookDelivery:
    """The delivery after a try that went so."""
    jobs = Job.filter(kind=webhooks.DELIVER_JOB, subject_id=delivery.id, done_at__isnull=True)
    job = await jobs.order_by("due_at").first()
    assert job is not None
    await webhooks.settle(await leased(job), delivery, outcome, now)
    return await WebhookDelivery.get(id=delivery.id)


async def leased(job: Job) -> Job:
    """The job, as a worker has it that took it."""
    job.lease = new_id()
    await job.save(update_fields=["lease"])
    return job
