"""What is said to the verbs of webhooks, and what they answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import strawberry

from schema.problems import webhooks as problems
from schema.webhooks import MerchantEvent, WebhookDelivery, WebhookEndpoint

MERCHANT: Final = "Which merchant, for a person who works there; a key is of one."

_URL: Final = (
    "Where to: https on port 443 or 8443, reached by everybody; a test server may also call this "
    "machine by http."
)
_EVENTS: Final = "Types, patterns such as payment.*, or * for all; at most 32."
_DESCRIPTION: Final = "Your own words, at most 140 characters."
_ENDPOINT: Final = "One of the merchant's endpoints."


@strawberry.input
class CreateWebhookEndpointInput:
    url: str = strawberry.field(description=_URL)
    description: str = strawberry.field(default="", description=_DESCRIPTION)
    events: list[str] = strawberry.field(default_factory=lambda: ["*"], description=_EVENTS)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input(description="What is left out stays as it is.")
class UpdateWebhookEndpointInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    url: str | None = strawberry.field(default=None, description=_URL)
    description: str | None = strawberry.field(default=None, description=_DESCRIPTION)
    events: list[str] | None = strawberry.field(default=None, description=_EVENTS)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class RemoveWebhookEndpointInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class RotateWebhookSecretInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class EnableWebhookEndpointInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class RedeliverWebhookInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    event_id: strawberry.ID = strawberry.field(description="One of the merchant's events.")
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class RedeliverWebhooksInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    since: datetime = strawberry.field(description="Events that happened at or after this.")
    until: datetime = strawberry.field(description="Events that happened before this.")
    is_complete: bool = strawberry.field(
        default=False, description="Whether to send those again, too, that the endpoint took."
    )
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.input
class SendTestWebhookInput:
    endpoint_id: strawberry.ID = strawberry.field(description=_ENDPOINT)
    merchant_id: strawberry.ID | None = strawberry.field(default=None, description=MERCHANT)


@strawberry.type(description="The endpoint is told of what happens from now on.")
class WebhookEndpointCreated:
    endpoint: WebhookEndpoint
    secret: str = strawberry.field(
        description="What its webhooks are signed with: whsec_ and base64. Shown this once."
    )


@strawberry.type(description="The endpoint as it is from now on.")
class WebhookEndpointUpdated:
    endpoint: WebhookEndpoint


@strawberry.type(
    description="The endpoint is gone, with its secrets and all that was known of its deliveries."
)
class WebhookEndpointRemoved:
    endpoint_id: strawberry.ID


@strawberry.type(description="Another secret signs; the one before signs beside it for a while.")
class WebhookSecretRotated:
    endpoint: WebhookEndpoint
    secret: str = strawberry.field(description="The new one. Shown this once.")
    old_secret_until: datetime = strawberry.field(
        description="Until then each webhook has a signature of the old secret, too."
    )


@strawberry.type(
    description="Events are sent to the endpoint again. What it missed can be redelivered."
)
class WebhookEndpointEnabled:
    endpoint: WebhookEndpoint


@strawberry.type(description="The event is sent again, with the same id and the same body.")
class WebhookRedelivered:
    delivery: WebhookDelivery


@strawberry.type(description="The events are sent again, each with the same id and body.")
class WebhooksRedelivered:
    count: int = strawberry.field(description="How many; 0 when the endpoint has them all.")


@strawberry.type(description="A webhook_endpoint.tested is on its way to this endpoint only.")
class TestWebhookSent:
    event: MerchantEvent


CreateWebhookEndpointResult = Annotated[
    WebhookEndpointCreated
    | problems.WebhookUrlInvalid
    | problems.WebhookUrlRefused
    | problems.WebhookEventsInvalid
    | problems.WebhookDescriptionInvalid
    | problems.TooManyWebhookEndpoints,
    strawberry.union("CreateWebhookEndpointResult"),
]
UpdateWebhookEndpointResult = Annotated[
    WebhookEndpointUpdated
    | problems.WebhookUrlInvalid
    | problems.WebhookUrlRefused
    | problems.WebhookEventsInvalid
    | problems.WebhookDescriptionInvalid,
    strawberry.union("UpdateWebhookEndpointResult"),
]
RemoveWebhookEndpointResult = Annotated[
    WebhookEndpointRemoved, strawberry.union("RemoveWebhookEndpointResult")
]
RotateWebhookSecretResult = Annotated[
    WebhookSecretRotated, strawberry.union("RotateWebhookSecretResult")
]
EnableWebhookEndpointResult = Annotated[
    WebhookEndpointEnabled, strawberry.union("EnableWebhookEndpointResult")
]
RedeliverWebhookResult = Annotated[
    WebhookRedelivered | problems.WebhookEndpointDisabled,
    strawberry.union("RedeliverWebhookResult"),
]
RedeliverWebhooksResult = Annotated[
    WebhooksRedelivered | problems.WebhookEndpointDisabled | problems.WebhookRangeInvalid,
    strawberry.union("RedeliverWebhooksResult"),
]
SendTestWebhookResult = Annotated[
    TestWebhookSent | problems.WebhookEndpointDisabled, strawberry.union("SendTestWebhookResult")
]
