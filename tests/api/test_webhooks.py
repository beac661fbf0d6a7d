"""A merchant's program looks after its webhooks by the API, as does somebody who manages it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from domain.merchants import Scope
from domain.webhooks import OVERLAP
from models.merchants import MemberRole, Merchant
from models.payments import MerchantEvent
from models.webhooks import WebhookDelivery, WebhookEndpoint, WebhookSecret
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.domain import hooks
from tests.domain.hooks import NO, URL, YES
from tests.moments import NOON

LONG = "x" * 61_440
ENDPOINT = "id url description events status disabledBecause failingSince"
DELIVERIES = """query ($id: ID!, $first: Int!, $after: String, $status: WebhookDeliveryStatus) {
    webhookDeliveries(endpointId: $id, first: $first, after: $after, status: $status) {
        pageInfo { hasNextPage endCursor }
        edges { node { id endpointId status tries nextAt event { id type body }
            attempts { at durationMs statusCode answer error } } } } }"""


@pytest.fixture(autouse=True)
def neighbourhood() -> Iterator[None]:
    with hooks.neighbours():
        yield


@pytest.fixture
async def mei(resident: Moving) -> Resident:
    return await resident("mei")


@pytest.fixture
async def shop(mei: Resident) -> Merchant:
    return await factories.merchant(mei.person)


@pytest.fixture
async def program(app: Starlette, shop: Merchant) -> Asker:
    return Asker(app, token=await factories.key(shop, Scope.WEBHOOKS, Scope.READ))


async def asked(asker: Asker, verb: str, members: str, **words: Any) -> Any:
    """What a mutation answers; `members` is what is asked of it."""
    name = f"{verb[0].upper()}{verb[1:]}Input"
    document = f"mutation ($input: {name}!) {{ {verb}(input: $input) {{ {members} }} }}"
    return await asker.data(document, input=words)


async def created(asker: Asker, **words: Any) -> Any:
    members = f"""... on WebhookEndpointCreated {{ endpoint {{ {ENDPOINT} }} secret }}
        ... on Problem {{ code field }}"""
    return await asked(asker, "createWebhookEndpoint", members, **{"url": URL, **words})


async def test_a_program_adds_an_endpoint_and_sees_its_secret_once(program: Asker) -> None:
    made = await created(program, description="Till 1", events=["payment.*", "order.closed"])

    listed = await program.data(f"{{ webhookEndpoints {{ {ENDPOINT} }} }}")
    assert made["secret"].startswith("whsec_")
    assert listed == [made["endpoint"]]
    assert made["endpoint"] == {
        "id": made["endpoint"]["id"],
        "url": URL,
        "description": "Till 1",
        "events": ["payment.*", "order.closed"],
        "status": "ENABLED",
        "disabledBecause": None,
        "failingSince": None,
    }


async def test_a_manager_does_the_same_and_a_cashier_does_not(
    resident: Moving, shop: Merchant
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await factories.member(shop, ada.person, MemberRole.MANAGER)
    await factories.member(shop, bob.person, MemberRole.CASHIER)
    words = {"url": URL, "merchantId": f"mer_{shop.id.hex}"}
    document = """mutation ($input: CreateWebhookEndpointInput!) {
        createWebhookEndpoint(input: $input) { __typename } }"""

    made = await ada.asker.data(document, input=words)
    code = await bob.asker.code(document, input=words)

    assert (made, code) == ({"__typename": "WebhookEndpointCreated"}, "NOT_FOUND")
    assert await WebhookEndpoint.all().count() == 1


async def test_an_endpoint_is_changed_in_what_is_named(program: Asker) -> None:
    made = (await created(program, description="Till 1"))["endpoint"]

    changed = await asked(
        program,
        "updateWebhookEndpoint",
        f"... on WebhookEndpointUpdated {{ endpoint {{ {ENDPOINT} }} }}",
        endpointId=made["id"],
        events=["refund.*"],
    )

    assert changed["endpoint"] == made | {"events": ["refund.*"]}


async def test_an_endpoint_is_removed(program: Asker) -> None:
    made = (await created(program))["endpoint"]

    gone = await asked(
        program,
        "removeWebhookEndpoint",
        "... on WebhookEndpointRemoved { endpointId }",
        endpointId=made["id"],
    )

    assert gone["endpointId"] == made["id"]
    assert await program.data("{ webhookEndpoints { id } }") == []
    assert await WebhookSecret.all().count() == 0


async def test_a_rotated_secret_says_until_when_the_old_one_signs(program: Asker) -> None:
    made = await created(program)

    rotated = await asked(
        program,
        "rotateWebhookSecret",
        "... on WebhookSecretRotated { secret oldSecretUntil }",
        endpointId=made["endpoint"]["id"],
    )

    assert rotated["secret"] != made["secret"]
    assert rotated["oldSecretUntil"] == (NOON + OVERLAP).isoformat()


async def test_deliveries_tell_how_each_try_went(program: Asker, shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    failed = await hooks.tried(await hooks.told(shop), NO, NOON)
    taken = await hooks.tried(await hooks.told(shop), YES, NOON)

    page = await program.data(DELIVERIES, id=f"whe_{endpoint.id.hex}", first=1)
    rest = await program.data(
        DELIVERIES, id=f"whe_{endpoint.id.hex}", first=9, after=page["pageInfo"]["endCursor"]
    )
    pending = await program.data(DELIVERIES, id=f"whe_{endpoint.id.hex}", first=9, status="PENDING")

    assert page["pageInfo"]["hasNextPage"] is True
    [first], [second] = page["edges"], rest["edges"]
    assert first["node"]["id"] == f"whd_{taken.id.hex}"
    assert first["node"]["status"] == "DELIVERED"
    assert pending["edges"] == rest["edges"]
    assert failed.next_at is not None
    assert second["node"] == {
        "id": f"whd_{failed.id.hex}",
        "endpointId": f"whe_{endpoint.id.hex}",
        "status": "PENDING",
        "tries": 1,
        "nextAt": failed.next_at.isoformat(),
        "event": {
            "id": f"mev_{failed.event_id.hex}",
            "type": "order.closed",
            "body": hooks.BODY,
        },
        "attempts": [
            {
                "at": NOON.isoformat(),
                "durationMs": 12,
                "statusCode": 500,
                "answer": "no",
                "error": "STATUS",
            }
        ],
    }


async def test_events_are_listed_newest_first_and_by_type(program: Asker, shop: Merchant) -> None:
    older = await hooks.event(shop)
    await hooks.event(shop, "payment.captured", NOON + timedelta(seconds=1))
    newest = await hooks.event(shop, now=NOON + timedelta(seconds=2))
    await hooks.event(await factories.merchant(await factories.person("lou"), "Bakery"))
    document = """query ($type: String, $after: String, $first: Int = 9) {
        merchantEvents(type: $type, after: $after, first: $first) {
            pageInfo { endCursor } edges { node { id type at body } } } }"""

    everything = await program.data(document)
    closed = await program.data(document, type="order.closed", first=1)
    after = closed["pageInfo"]["endCursor"]
    rest = await program.data(document, type="order.closed", after=after)
    unknown = [await program.data(document, type=each) for each in ("x", LONG, "a\x00b")]

    assert len(everything["edges"]) == 3
    assert [edge["node"]["id"] for edge in closed["edges"]] == [f"mev_{newest.id.hex}"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [f"mev_{older.id.hex}"]
    assert all(each["edges"] == [] for each in unknown)


async def test_an_event_and_a_range_are_sent_again(program: Asker, shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    taken = await hooks.tried(await hooks.told(shop), YES, NOON)
    missed = await hooks.told_about(shop)
    endpoint_id = f"whe_{endpoint.id.hex}"

    one = await asked(
        program,
        "redeliverWebhook",
        "... on WebhookRedelivered { delivery { id status event { id } } }",
        endpointId=endpoint_id,
        eventId=f"mev_{taken.event_id.hex}",
    )
    many = await asked(
        program,
        "redeliverWebhooks",
        "... on WebhooksRedelivered { count }",
        endpointId=endpoint_id,
        since="2026-03-02T20:00:00+08:00",
        until="2026-03-02T12:00:01",
    )

    assert one["delivery"]["status"] == "PENDING"
    assert one["delivery"]["id"] == f"whd_{taken.id.hex}"
    assert many["count"] == 1
    assert await WebhookDelivery.filter(event_id=missed.id).exists()


async def test_a_trial_is_an_event_of_its_own(program: Asker) -> None:
    made = (await created(program))["endpoint"]

    told = await asked(
        program,
        "sendTestWebhook",
        "... on TestWebhookSent { event { id type } }",
        endpointId=made["id"],
    )

    event = await MerchantEvent.get()
    assert told["event"] == {"id": f"mev_{event.id.hex}", "type": "webhook_endpoint.tested"}


async def test_an_endpoint_that_was_switched_off_is_enabled(program: Asker, shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    await hooks.tried(await hooks.told(shop), hooks.GONE, NOON)
    listed = await program.data(f"{{ webhookEndpoints {{ {ENDPOINT} }} }}")

    enabled = await asked(
        program,
        "enableWebhookEndpoint",
        f"... on WebhookEndpointEnabled {{ endpoint {{ {ENDPOINT} }} }}",
        endpointId=f"whe_{endpoint.id.hex}",
    )

    assert (listed[0]["status"], listed[0]["disabledBecause"]) == ("DISABLED", "GONE")
    assert (enabled["endpoint"]["status"], enabled["endpoint"]["failingSince"]) == ("ENABLED", None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"url": LONG}, "WEBHOOK_URL_INVALID"),
        ({"url": "https://a.example/\x00"}, "WEBHOOK_URL_INVALID"),
        ({"description": LONG}, "WEBHOOK_DESCRIPTION_INVALID"),
        ({"description": "a\x00"}, "WEBHOOK_DESCRIPTION_INVALID"),
        ({"events": [LONG]}, "WEBHOOK_EVENTS_INVALID"),
        ({"events": ["*"] * 5_000}, "WEBHOOK_EVENTS_INVALID"),
        ({"url": "https://localhost:25/"}, "WEBHOOK_URL_REFUSED"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "WEBHOOK_URL_REFUSED"),
    ],
)
async def test_whatever_comes_in_is_answered_and_nothing_is_half_done(
    program: Asker, words: dict[str, Any], code: str
) -> None:
    refused = await created(program, **words)

    assert refused["code"] == code
    assert await WebhookEndpoint.all().count() == await WebhookSecret.all().count() == 0


async def test_a_name_that_cannot_be_looked_up_and_a_private_one_look_the_same(
    program: Asker,
) -> None:
    answers: dict[str, list[str]] = {"inside.example": ["10.0.0.7"], "nowhere.example": []}

    async def resolve(name: str) -> list[str]:
        return answers[name]

    with hooks.neighbours(resolve):
        said = [await created(program, url=f"https://{name}/") for name in answers]

    assert said[0] == said[1]
    assert said[0]["code"] == "WEBHOOK_URL_REFUSED"


async def test_ids_of_another_merchant_are_not_found(program: Asker, shop: Merchant) -> None:
    other = await factories.merchant(await factories.person("lou"), "Bakery")
    foreign = await hooks.endpoint(other)
    document = """mutation ($input: SendTestWebhookInput!) {
        sendTestWebhook(input: $input) { __typename } }"""

    for id in (f"whe_{foreign.id.hex}", f"whe_{shop.id.hex}", "whe_x", LONG):
        assert await program.code(document, input={"endpointId": id}) == "NOT_FOUND"
        assert await program.code(DELIVERIES, id=id, first=1) == "NOT_FOUND"
