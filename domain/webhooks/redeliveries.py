"""Sending again what merchants missed, and trying out whether they hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import jobs, merchant_events
from domain.decisions import Announce, decision
from domain.merchant_events import EventType
from domain.refusals import NotFound, Refusal
from domain.webhooks import endpoints, event_filters
from domain.webhooks.deliveries import DELIVER_JOB
from domain.webhooks.endpoints import WebhookEndpointDisabled
from models.ids import new_id
from models.jobs import Job
from models.payments import MerchantEvent
from models.webhooks import EndpointStatus, WebhookDelivery, WebhookEndpoint

RANGE_MAX: Final = 1_000


class WebhookRangeInvalid(Refusal):
    """No time from `since` to `until`, or more events in it than `most`."""

    def __init__(self) -> None:
        super().__init__("This range cannot be delivered again.")
        self.most = RANGE_MAX


REDELIVER_REFUSALS: Final = (WebhookEndpointDisabled,)
REDELIVER_RANGE_REFUSALS: Final = (WebhookEndpointDisabled, WebhookRangeInvalid)
TEST_REFUSALS: Final = (WebhookEndpointDisabled,)


async def redeliver(
    merchant_id: UUID, event_id: UUID, endpoint_id: UUID, now: datetime
) -> WebhookDelivery:
    """Sends one event to one endpoint again, from the bottom of the ladder, whatever became of it.

    Raises:
        NotFound: the merchant has no such event or endpoint.
        WebhookEndpointDisabled: nothing is sent to it.
    """
    async with decision() as announce:
        endpoint = await _open(merchant_id, endpoint_id)
        event = await MerchantEvent.get_or_none(id=event_id, merchant_id=merchant_id)
        if event is None:
            raise NotFound
        [id] = await _begin_again(_ONE, [endpoint.id, now, event.id], announce, now)
        return await WebhookDelivery.get(id=id)


async def redeliver_range(
    merchant_id: UUID,
    endpoint_id: UUID,
    *,
    since: datetime,
    until: datetime,
    is_complete: bool,
    now: datetime,
) -> int:
    """Sends to an endpoint the events of a time that fit it; returns how many.

    Those it took already only when `is_complete`. Events that are just being told are left alone.

    Raises:
        NotFound: the merchant has no such endpoint.
        WebhookEndpointDisabled: nothing is sent to it.
        WebhookRangeInvalid: there is no time in the range, or too much happened in it.
    """
    async with decision() as announce:
        endpoint = await _open(merchant_id, endpoint_id)
        types = [each for each in EventType if event_filters.fits(each, endpoint.events)]
        rows = await get_connection("default").execute_query_dict(
            _IN_RANGE,
            [merchant_id, since, until, types, endpoint.id, is_complete, RANGE_MAX + 1],
        )
        event_ids = [row["id"] for row in rows]
        if since >= until or len(event_ids) > RANGE_MAX:
            raise WebhookRangeInvalid
        return len(await _begin_again(_MANY, [endpoint.id, now, event_ids], announce, now))


async def send_test(merchant_id: UUID, endpoint_id: UUID, now: datetime) -> MerchantEvent:
    """Tells an endpoint, and only it, that it was tried out.

    Raises:
        NotFound: the merchant has no such endpoint.
        WebhookEndpointDisabled: nothing is sent to it.
    """
    async with decision() as announce:
        endpoint = await _open(merchant_id, endpoint_id)
        return await merchant_events.record(
            announce, merchant_id, EventType.ENDPOINT_TESTED, subject_id=endpoint.id, now=now
        )


async def _open(merchant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """The endpoint, locked, to which something may be sent."""
    endpoint = await endpoints.locked(merchant_id, endpoint_id)
    if endpoint.status is EndpointStatus.DISABLED:
        raise WebhookEndpointDisabled
    return endpoint


# What was sent before begins another round; what was not begins its first.
_BEGIN: Final = """
    INSERT INTO webhook_deliveries AS d
        (id, endpoint_id, event_id, status, round, tries, created_at, next_at)
    SELECT gen_random_uuid(), $1, e, 'pending', 1, 0, $2, $2 FROM {events} e
    ON CONFLICT (endpoint_id, event_id) DO UPDATE
    SET status = 'pending', round = d.round + 1, tries = 0, next_at = $2, ended_at = NULL
    RETURNING id, round
"""
_ONE: Final = _BEGIN.format(events="CAST($3 AS uuid)")
_MANY: Final = _BEGIN.format(events="unnest($3::uuid[])")
_IN_RANGE: Final = """
    SELECT e.id FROM merchant_events e
    WHERE e.merchant_id = $1 AND e.at >= $2 AND e.at < $3 AND e.type = ANY ($4)
      AND e.type <> 'webhook_endpoint.tested' AND e.body IS NOT NULL AND ($6 OR NOT EXISTS (
          SELECT FROM webhook_deliveries d
          WHERE d.event_id = e.id AND d.endpoint_id = $5 AND d.status IN ('pending', 'delivered')))
    ORDER BY e.at, e.id LIMIT $7
"""


async def _begin_again(
    statement: str, arguments: list[Any], announce: Announce, now: datetime
) -> list[UUID]:
    rows = await get_connection("default").execute_query_dict(statement, arguments)
    await Job.bulk_create(
        [
            Job(
                id=new_id(),
                kind=DELIVER_JOB,
                subject_id=row["id"],
                due_at=now,
                run_at=now,
                payload={"round": row["round"]},
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )
    announce(jobs.TOPIC)
    return [row["id"] for row in rows]
