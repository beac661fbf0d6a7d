"""Telling merchants: what happened is written once and sent to each endpoint until it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from uuid import UUID

from channels.webhooks import NotAnswered, Parcel, Reply, Sender, signed
from domain import webhooks
from domain.webhooks import Outcome, Target
from jobs.webhook_turns import Turns
from models.jobs import Job
from models.payments import MerchantEvent
from models.webhooks import (
    AttemptError,
    DeliveryStatus,
    EndpointStatus,
    WebhookDelivery,
    WebhookEndpoint,
)
from schema import ids, webhook_bodies

CONCURRENCY: Final = 32
"""Tries under way at a time in one process; each mostly waits for somebody else's server."""


def _real_time() -> datetime:
    return datetime.now(UTC)


async def tell_merchant(job: Job, now: datetime, *, livemode: bool) -> None:
    """Writes what is sent about an event, once, and asks for its deliveries."""
    event = await MerchantEvent.get(id=job.subject_id)
    body = event.body or await webhook_bodies.write(event, livemode=livemode, now=now)
    await webhooks.spread(event, body, job, now)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends what is to be delivered, to each endpoint a few at a time.

    `wall` tells the real time, which receivers compare the signed timestamp with: a test server's
    clock can be days ahead of theirs.
    """

    sender: Sender
    wall: Callable[[], datetime] = _real_time
    turns: Turns = field(default_factory=Turns)

    async def deliver(self, job: Job, now: datetime) -> None:
        """One try of one delivery, unless it is over, or it is not its turn.

        A worker that dies in between leaves the job to another, which sends the same once more.
        """
        delivery = await WebhookDelivery.get_or_none(
            id=job.subject_id, round=job.payload["round"], status=DeliveryStatus.PENDING
        )
        if delivery is None:
            return
        endpoint = await WebhookEndpoint.get(id=delivery.endpoint_id)
        if endpoint.status is EndpointStatus.DISABLED:
            await webhooks.give_up(job, delivery, now)
            return
        until = _rests_until(endpoint, now) or self.turns.wait_until(endpoint.id, now)
        if until is not None:
            await webhooks.postpone(job, delivery, until, now)
            return
        with self.turns.taken(endpoint.id):
            outcome = await self._try(delivery.event_id, endpoint, now)
        await webhooks.settle(job, delivery, outcome, now)

    async def _try(self, event_id: UUID, endpoint: WebhookEndpoint, now: datetime) -> Outcome:
        began = monotonic()
        status_code, answer, error, rest = None, "", None, None
        try:
            reply = await self._send(event_id, endpoint, now)
            status_code, answer, rest = reply.status_code, reply.answer, reply.rest_seconds
            error = _error(reply.status_code)
        except _NotSent as why:
            error = why.error
        except NotAnswered as why:
            error = AttemptError(why.trouble.value)
        seconds = monotonic() - began
        self.turns.took(endpoint.id, seconds)
        return Outcome(
            at=now,
            duration_ms=round(seconds * 1_000),
            status_code=status_code,
            answer=answer,
            error=error,
            rest_seconds=rest,
        )

    async def _send(self, event_id: UUID, endpoint: WebhookEndpoint, now: datetime) -> Reply:
        event = await MerchantEvent.get(id=event_id)
        if event.body is None:
            raise BodyMissing
        secrets = await webhooks.alive(endpoint.id, now)
        if not secrets:
            raise _NotSent(AttemptError.NO_SECRET)
        try:
            addresses = await webhooks.destinations(endpoint.url)
        except webhooks.WebhookUrlRefused:
            raise _NotSent(AttemptError.REFUSED_ADDRESS) from None
        at = self.wall()
        public_id = ids.public(ids.Prefix.MERCHANT_EVENT, event.id)
        parcel = Parcel(
            url=endpoint.url,
            host=Target.read(endpoint.url).host,
            addresses=addresses,
            headers=signed(public_id, event.body, secrets=secrets, at=at),
            body=event.body.encode(),
        )
        return await self.sender.send(parcel, now=at)


class BodyMissing(Exception):
    """The event has not been written out yet, which its own job does."""

    def __init__(self) -> None:
        super().__init__("What is to be sent is not written yet.")


class _NotSent(Exception):
    """It was not even tried to send it."""

    def __init__(self, error: AttemptError) -> None:
        super().__init__(error)
        self.error = error


def _rests_until(endpoint: WebhookEndpoint, now: datetime) -> datetime | None:
    resting = endpoint.resting_until
    return resting if resting is not None and resting > now else None


def _error(status_code: int) -> AttemptError | None:
    if 200 <= status_code < 300:
        return None
    return AttemptError.REDIRECT if 300 <= status_code < 400 else AttemptError.STATUS
