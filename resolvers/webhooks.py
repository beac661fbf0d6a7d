"""A merchant's webhooks: where they go, how they went, and sending them again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import strawberry

from domain import webhooks
from domain.merchant_events import EventType
from domain.merchants import Scope
from models import webhooks as rows
from models.webhooks import WebhookEndpoint as EndpointRow
from schema import ids, pages
from schema.context import Info
from schema.pages import After, Connection, First
from schema.problems.base import named
from schema.webhook_verbs import (
    MERCHANT,
    CreateWebhookEndpointInput,
    CreateWebhookEndpointResult,
    EnableWebhookEndpointInput,
    EnableWebhookEndpointResult,
    RedeliverWebhookInput,
    RedeliverWebhookResult,
    RedeliverWebhooksInput,
    RedeliverWebhooksResult,
    RemoveWebhookEndpointInput,
    RemoveWebhookEndpointResult,
    RotateWebhookSecretInput,
    RotateWebhookSecretResult,
    SendTestWebhookInput,
    SendTestWebhookResult,
    TestWebhookSent,
    UpdateWebhookEndpointInput,
    UpdateWebhookEndpointResult,
    WebhookEndpointCreated,
    WebhookEndpointEnabled,
    WebhookEndpointRemoved,
    WebhookEndpointUpdated,
    WebhookRedelivered,
    WebhookSecretRotated,
    WebhooksRedelivered,
)
from schema.webhooks import (
    MerchantEvent,
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookEndpoint,
    deliveries,
)

MerchantId = Annotated[strawberry.ID | None, strawberry.argument(description=MERCHANT)]


@strawberry.type
class WebhookQueries:
    @strawberry.field(
        description="The merchant's webhook endpoints, the oldest first; ten at most."
    )
    async def webhook_endpoints(
        self, info: Info, merchant_id: MerchantId = None
    ) -> list[WebhookEndpoint]:
        actor = await info.context.acting(Scope.WEBHOOKS, merchant_id)
        found = EndpointRow.filter(merchant_id=actor.merchant_id).order_by("created_at", "id")
        return [WebhookEndpoint.of(row) for row in await found]

    @strawberry.field(
        description="What the merchant was told of, or would have been, the newest first."
    )
    async def merchant_events(
        self,
        info: Info,
        first: First = pages.FIRST_DEFAULT,
        after: After = None,
        type: Annotated[
            str | None, strawberry.argument(description="Only of this type, such as order.closed.")
        ] = None,
        merchant_id: MerchantId = None,
    ) -> Connection[MerchantEvent]:
        actor = await info.context.acting(Scope.READ, merchant_id)
        size, place = pages.size(first), pages.parse_cursor(after)
        if type is not None and type not in set(EventType):
            return pages.page([], [], size, after)
        found = await rows.events(actor.merchant_id, limit=size + 1, after=place, type=type)
        places = [(row.at, row.id) for row in found]
        return pages.page(places, [MerchantEvent.of(row) for row in found], size, after)

    @strawberry.field(description="What was sent to an endpoint and how it went, the newest first.")
    async def webhook_deliveries(
        self,
        info: Info,
        endpoint_id: strawberry.ID,
        first: First = pages.FIRST_DEFAULT,
        after: After = None,
        status: WebhookDeliveryStatus | None = None,
        merchant_id: MerchantId = None,
    ) -> Connection[WebhookDelivery]:
        actor = await info.context.acting(Scope.WEBHOOKS, merchant_id)
        size, place = pages.size(first), pages.parse_cursor(after)
        endpoint = await webhooks.find(
            actor.merchant_id, ids.parse(endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT)
        )
        found = await rows.deliveries(
            endpoint.id,
            limit=size + 1,
            after=place,
            status=None if status is None else rows.DeliveryStatus[status.name],
        )
        places = [(row.created_at, row.id) for row in found]
        return pages.page(places, await deliveries(found), size, after)


@strawberry.type
class WebhookMutations:
    @strawberry.mutation(description="Adds an address that is told of the merchant's events.")
    async def create_webhook_endpoint(
        self, info: Info, input: CreateWebhookEndpointInput
    ) -> CreateWebhookEndpointResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        wish = webhooks.Wish(url=input.url, description=input.description, events=input.events)
        try:
            endpoint, secret = await webhooks.add(actor.merchant_id, wish, info.context.now)
        except webhooks.ADD_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return WebhookEndpointCreated(endpoint=WebhookEndpoint.of(endpoint), secret=secret)

    @strawberry.mutation(description="Changes an endpoint's address, its words or its events.")
    async def update_webhook_endpoint(
        self, info: Info, input: UpdateWebhookEndpointInput
    ) -> UpdateWebhookEndpointResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        wish = webhooks.Wish(url=input.url, description=input.description, events=input.events)
        try:
            endpoint = await webhooks.change(
                actor.merchant_id, ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT), wish
            )
        except webhooks.CHANGE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return WebhookEndpointUpdated(endpoint=WebhookEndpoint.of(endpoint))

    @strawberry.mutation(description="Takes an endpoint away, with what is known of it.")
    async def remove_webhook_endpoint(
        self, info: Info, input: RemoveWebhookEndpointInput
    ) -> RemoveWebhookEndpointResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        await webhooks.remove(
            actor.merchant_id, ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT)
        )
        return WebhookEndpointRemoved(endpoint_id=input.endpoint_id)

    @strawberry.mutation(
        description="Gives an endpoint another secret. The old one signs beside it for 24 hours."
    )
    async def rotate_webhook_secret(
        self, info: Info, input: RotateWebhookSecretInput
    ) -> RotateWebhookSecretResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        endpoint, secret, until = await webhooks.rotate_secret(
            actor.merchant_id,
            ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT),
            info.context.now,
        )
        return WebhookSecretRotated(
            endpoint=WebhookEndpoint.of(endpoint), secret=secret, old_secret_until=until
        )

    @strawberry.mutation(description="Sends to an endpoint again that was switched off.")
    async def enable_webhook_endpoint(
        self, info: Info, input: EnableWebhookEndpointInput
    ) -> EnableWebhookEndpointResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        endpoint = await webhooks.enable(
            actor.merchant_id, ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT)
        )
        return WebhookEndpointEnabled(endpoint=WebhookEndpoint.of(endpoint))

    @strawberry.mutation(
        description="Sends one event to one endpoint again, whatever became of it."
    )
    async def redeliver_webhook(
        self, info: Info, input: RedeliverWebhookInput
    ) -> RedeliverWebhookResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        try:
            delivery = await webhooks.redeliver(
                actor.merchant_id,
                ids.parse(input.event_id, ids.Prefix.MERCHANT_EVENT),
                ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT),
                info.context.now,
            )
        except webhooks.REDELIVER_REFUSALS as refusal:
            return named(refusal, info.context.language)
        [shown] = await deliveries([delivery])
        return WebhookRedelivered(delivery=shown)

    @strawberry.mutation(
        description="Sends an endpoint the events of a time that it has not taken; 1,000 at most."
    )
    async def redeliver_webhooks(
        self, info: Info, input: RedeliverWebhooksInput
    ) -> RedeliverWebhooksResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        try:
            count = await webhooks.redeliver_range(
                actor.merchant_id,
                ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT),
                since=_aware(input.since),
                until=_aware(input.until),
                is_complete=input.is_complete,
                now=info.context.now,
            )
        except webhooks.REDELIVER_RANGE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return WebhooksRedelivered(count=count)

    @strawberry.mutation(description="Sends an endpoint something to try it out.")
    async def send_test_webhook(
        self, info: Info, input: SendTestWebhookInput
    ) -> SendTestWebhookResult:
        actor = await info.context.acting(Scope.WEBHOOKS, input.merchant_id)
        try:
            event = await webhooks.send_test(
                actor.merchant_id,
                ids.parse(input.endpoint_id, ids.Prefix.WEBHOOK_ENDPOINT),
                info.context.now,
            )
        except webhooks.TEST_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TestWebhookSent(event=MerchantEvent.of(event))


def _aware(at: datetime) -> datetime:
    """A time without a zone is UTC's."""
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
