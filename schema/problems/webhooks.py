"""Problems with webhook endpoints, and with what is to be sent to them again."""

from __future__ import annotations

import strawberry

from domain import webhooks
from schema.problems.base import Problem, names


@names(webhooks.WebhookUrlInvalid, code="WEBHOOK_URL_INVALID", field="url")
@strawberry.type(description="The url is none that webhooks can be sent to.")
class WebhookUrlInvalid(Problem):
    pass


@names(webhooks.WebhookUrlRefused, code="WEBHOOK_URL_REFUSED", field="url")
@strawberry.type(description="The host has no address, or not only public ones.")
class WebhookUrlRefused(Problem):
    pass


@names(webhooks.WebhookEventsInvalid, code="WEBHOOK_EVENTS_INVALID", field="events")
@strawberry.type(description="There is no pattern, or one that no event fits.")
class WebhookEventsInvalid(Problem):
    pass


@names(webhooks.WebhookDescriptionInvalid, code="WEBHOOK_DESCRIPTION_INVALID", field="description")
@strawberry.type(description="The description is too long, or has characters that are not seen.")
class WebhookDescriptionInvalid(Problem):
    pass


@names(webhooks.TooManyWebhookEndpoints, code="TOO_MANY_WEBHOOK_ENDPOINTS")
@strawberry.type(description="The merchant has as many endpoints as it may.")
class TooManyWebhookEndpoints(Problem):
    most: int = strawberry.field(description="How many endpoints a merchant can have.")


@names(webhooks.WebhookEndpointDisabled, code="WEBHOOK_ENDPOINT_DISABLED", field="endpointId")
@strawberry.type(description="The endpoint is switched off: `enableWebhookEndpoint` first.")
class WebhookEndpointDisabled(Problem):
    pass


@names(webhooks.WebhookRangeInvalid, code="WEBHOOK_RANGE_INVALID", field="since")
@strawberry.type(description="There is no time in the range, or too much happened in it.")
class WebhookRangeInvalid(Problem):
    most: int = strawberry.field(description="How many events can be sent again at once.")
