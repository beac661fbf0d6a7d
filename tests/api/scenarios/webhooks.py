"""How the codes of webhook endpoints come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from models.webhooks import DisableCause, EndpointStatus, WebhookEndpoint
from tests import factories
from tests.api.clients import Asker
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.domain import hooks


def adding(**words: Any) -> Scenario:
    """The tea house's program names an endpoint that cannot be."""

    async def scenario(stage: Stage) -> Act:
        asker = await _program(stage)
        return partial(problem, asker, "createWebhookEndpoint", {"url": hooks.URL, **words})

    return scenario


async def too_many_webhook_endpoints(stage: Stage) -> Act:
    asker = await _program(stage)
    for _ in range(10):
        await _added(asker)
    return partial(problem, asker, "createWebhookEndpoint", {"url": hooks.URL})


async def webhook_endpoint_disabled(stage: Stage) -> Act:
    asker = await _program(stage)
    endpoint_id = await _added(asker)
    await WebhookEndpoint.all().update(
        status=EndpointStatus.DISABLED,
        disabled_because=DisableCause.GONE,
        disabled_at=stage.clock(),
    )
    return partial(problem, asker, "sendTestWebhook", {"endpointId": endpoint_id})


async def webhook_range_invalid(stage: Stage) -> Act:
    asker = await _program(stage)
    words = {
        "endpointId": await _added(asker),
        "since": "2026-03-02T00:00:00Z",
        "until": "2026-03-01T00:00:00Z",
    }
    return partial(problem, asker, "redeliverWebhooks", words)


async def _program(stage: Stage) -> Asker:
    tea = await factories.merchant(await factories.person("mei"))
    return Asker(stage.app, token=await factories.key(tea))


async def _added(asker: Asker) -> str:
    document = """mutation ($input: CreateWebhookEndpointInput!) {
        createWebhookEndpoint(input: $input) {
            ... on WebhookEndpointCreated { endpoint { id } } } }"""
    made = await asker.data(document, input={"url": hooks.URL})
    endpoint_id: str = made["endpoint"]["id"]
    return endpoint_id


PROBLEMS: Final[Scenarios] = {
    "WEBHOOK_URL_INVALID": adding(url="gopher://shop.example/"),
    "WEBHOOK_URL_REFUSED": adding(url="https://169.254.169.254/latest"),
    "WEBHOOK_EVENTS_INVALID": adding(events=["payment.invented"]),
    "WEBHOOK_DESCRIPTION_INVALID": adding(description="x" * 141),
    "TOO_MANY_WEBHOOK_ENDPOINTS": too_many_webhook_endpoints,
    "WEBHOOK_ENDPOINT_DISABLED": webhook_endpoint_disabled,
    "WEBHOOK_RANGE_INVALID": webhook_range_invalid,
}
