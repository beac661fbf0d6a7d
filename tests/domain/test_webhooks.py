"""Merchants are told once for each endpoint, again until they hear, and not for ever."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain import jobs, secrets, webhooks
from domain.refusals import NotFound
from domain.webhooks import (
    LADDER,
    OVERLAP,
    TooManyWebhookEndpoints,
    WebhookDescriptionInvalid,
    WebhookEndpointDisabled,
    WebhookEventsInvalid,
    WebhookRangeInvalid,
    WebhookUrlInvalid,
    WebhookUrlRefused,
    Wish,
)
from domain.webhooks.deliveries import JITTER, REST_MAX
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant
from models.payments import MerchantEvent
from models.security_events import EventKind, SecurityEvent
from models.webhooks import (
    AttemptError,
    DeliveryStatus,
    DisableCause,
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from tests import factories
from tests.conftest import KEYRING
from tests.domain import hooks
from tests.domain.hooks import NO, URL, YES
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def neighbourhood() -> Iterator[None]:
    with hooks.neighbours():
        yield


@pytest.fixture
async def shop(database: object) -> Merchant:
    return await factories.merchant(await factories.person("mei"))


async def test_an_endpoint_has_a_secret_that_is_shown_once_and_kept_sealed(shop: Merchant) -> None:
    endpoint, secret = await webhooks.add(shop.id, Wish(url=URL), NOON)

    plain = base64.b64decode(secret.removeprefix("whsec_"))
    [kept] = await WebhookSecret.all()
    assert len(plain) == 32
    assert plain not in kept.sealed_secret
    assert await webhooks.alive(endpoint.id, NOON) == [plain]
    assert (endpoint.events, endpoint.status) == (["*"], EndpointStatus.ENABLED)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"url": "https://ada:pin@shop.example/"}, WebhookUrlInvalid),
        ({"url": "x" * 61_440}, WebhookUrlInvalid),
        ({"url": "https://169.254.169.254/latest/meta-data/"}, WebhookUrlRefused),
        ({"url": "https://127.0.0.1:22/"}, WebhookUrlRefused),
        ({"url": "https://nowhere.example/"}, WebhookUrlRefused),
        ({"events": []}, WebhookEventsInvalid),
        ({"events": ["payment.*", "payment"]}, WebhookEventsInvalid),
        ({"events": ["*"] * 33}, WebhookEventsInvalid),
        ({"events": ["x" * 61_440]}, WebhookEventsInvalid),
        ({"description": "x" * 141}, WebhookDescriptionInvalid),
        ({"description": "a\u202eb"}, WebhookDescriptionInvalid),
    ],
)
async def test_an_endpoint_that_cannot_be_is_neither_added_nor_changed(
    shop: Merchant, changes: dict[str, object], refusal: type[Exception]
) -> None:
    kept = await hooks.endpoint(shop, description="till", events=["payment.*"])

    with pytest.raises(refusal):
        await hooks.endpoint(shop, **changes)
    with pytest.raises(refusal):
        await webhooks.change(shop.id, kept.id, Wish(**changes))  # type: ignore[arg-type]

    [left] = await WebhookEndpoint.all()
    assert (left.url, left.description, left.events) == (URL, "till", ["payment.*"])
    assert await WebhookSecret.all().count() == 1


async def test_of_many_that_are_added_at_once_ten_are(shop: Merchant) -> None:
    added = await asyncio.gather(*(hooks.endpoint(shop) for _ in range(12)), return_exceptions=True)

    refused = [each for each in added if isinstance(each, TooManyWebhookEndpoints)]
    assert (len(refused), await WebhookEndpoint.all().count()) == (2, 10)


async def test_nobody_changes_the_endpoint_of_another_merchant(shop: Merchant) -> None:
    other = await factories.merchant(await factories.person("lou"), "Bakery")
    kept = await hooks.endpoint(shop)
    happened = await hooks.event(shop)

    for verb in (
        webhooks.change(other.id, kept.id, Wish(description="mine")),
        webhooks.remove(other.id, kept.id),
        webhooks.rotate_secret(other.id, kept.id, NOON),
        webhooks.enable(other.id, kept.id),
        webhooks.send_test(other.id, kept.id, NOON),
        webhooks.redeliver(other.id, happened.id, kept.id, NOON),
    ):
        with pytest.raises(NotFound):
            await verb

    own = await hooks.endpoint(other)
    with pytest.raises(NotFound):
        await webhooks.redeliver(other.id, happened.id, own.id, NOON)
    assert await WebhookDelivery.all().count() == 0
    assert (await WebhookEndpoint.get(id=kept.id)).description == ""


async def test_a_replaced_secret_signs_for_a_day_beside_the_new_one(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    [first] = await webhooks.alive(endpoint.id, NOON)

    _, secret, until = await webhooks.rotate_secret(shop.id, endpoint.id, NOON)

    second = base64.b64decode(secret.removeprefix("whsec_"))
    assert until == NOON + OVERLAP
    assert await webhooks.alive(endpoint.id, until - MOMENT) == [second, first]
    assert await webhooks.alive(endpoint.id, until) == [second]


async def test_however_often_a_secret_is_replaced_few_sign(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)

    for minute in range(9):
        now = NOON + timedelta(minutes=minute)
        _, secret, _ = await webhooks.rotate_secret(shop.id, endpoint.id, now)

    alive = await webhooks.alive(endpoint.id, NOON + timedelta(minutes=9))
    assert (len(alive), await WebhookSecret.all().count()) == (4, 4)
    assert alive[0] == base64.b64decode(secret.removeprefix("whsec_"))


async def test_secrets_are_sealed_anew_with_another_key_and_stay_the_same(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    before = await webhooks.alive(endpoint.id, NOON)
    both = secrets.Keyring(current="next", keys={"next": bytes(32), **KEYRING.keys})
    secrets.install(both)

    assert [await webhooks.reseal(limit=10) for _ in range(2)] == [1, 0]

    secrets.install(secrets.Keyring(current="next", keys={"next": bytes(32)}))
    assert await webhooks.alive(endpoint.id, NOON) == before
    secrets.install(KEYRING)
    assert await webhooks.alive(endpoint.id, NOON) == []


async def test_an_event_goes_to_each_enabled_endpoint_that_it_fits(shop: Merchant) -> None:
    everything = await hooks.endpoint(shop)
    orders = await hooks.endpoint(shop, events=["order.*", "payment.failed"])
    await hooks.endpoint(shop, events=["payment.*", "refund.failed"])
    disabled = await hooks.endpoint(shop)
    await _disable(disabled)
    await hooks.endpoint(await factories.merchant(await factories.person("lou"), "Bakery"))
    happened = await hooks.event(shop)

    await hooks.spread(happened)

    found = await WebhookDelivery.all().values_list("endpoint_id", "status", "next_at")
    assert sorted(found) == sorted(
        (each.id, DeliveryStatus.PENDING, NOON) for each in (everything, orders)
    )
    assert await Job.filter(kind=webhooks.DELIVER_JOB).count() == 2
    assert (await MerchantEvent.get(id=happened.id)).body == hooks.BODY


async def test_an_event_is_spread_once_whoever_loses_the_job(shop: Merchant) -> None:
    await hooks.endpoint(shop)
    happened = await hooks.event(shop)
    job = await hooks.leased(await Job.get(subject_id=happened.id))
    await Job.filter(id=job.id).update(lease=new_id())

    with pytest.raises(jobs.LeaseLost):
        await webhooks.spread(happened, hooks.BODY, job, NOON)

    assert await WebhookDelivery.all().count() == 0
    await hooks.spread(happened)
    assert await WebhookDelivery.all().count() == 1


async def test_what_an_endpoint_takes_is_delivered_and_not_tried_again(shop: Merchant) -> None:
    await hooks.endpoint(shop)
    delivery = await hooks.told(shop)

    after = await hooks.tried(delivery, replace(YES, answer="thanks"), NOON)

    assert (after.status, after.tries, after.ended_at) == (DeliveryStatus.DELIVERED, 1, NOON)
    [attempt] = await WebhookAttempt.all()
    assert (attempt.status_code, attempt.answer) == (204, "thanks")
    assert await WebhookAttempt.filter(error__isnull=True).count() == 1
    assert await _waiting() == []


async def test_what_an_endpoint_does_not_take_is_tried_for_three_days(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery, now = await hooks.told(shop), NOON
    pauses = []

    for _ in LADDER:
        delivery = await hooks.tried(delivery, NO, now)
        if delivery.next_at is not None:
            pauses.append(delivery.next_at - now)
            assert await _waiting() == [delivery.next_at]
            now = delivery.next_at

    assert all(
        step <= pause <= step * (1 + JITTER) for step, pause in zip(LADDER[1:], pauses, strict=True)
    )
    assert now - NOON >= timedelta(days=3)
    assert (delivery.status, delivery.tries) == (DeliveryStatus.FAILED, 10)
    assert await WebhookAttempt.all().count() == 10
    assert await _waiting() == []
    after = await WebhookEndpoint.get(id=endpoint.id)
    assert (after.disabled_because, after.failing_since) == (DisableCause.FAILING, NOON)


async def test_an_endpoint_that_takes_other_events_is_not_disabled_for_one(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery, now = await hooks.told(shop), NOON
    for _ in LADDER[1:]:
        delivery = await hooks.tried(delivery, NO, now)
        assert delivery.next_at is not None
        now = delivery.next_at
    await hooks.tried(await hooks.told(shop), YES, now)

    delivery = await hooks.tried(delivery, NO, now)

    assert delivery.status is DeliveryStatus.FAILED
    after = await WebhookEndpoint.get(id=endpoint.id)
    assert (after.status, after.failing_since) == (EndpointStatus.ENABLED, now)


async def test_a_disabled_endpoint_is_told_of_to_the_others_and_to_the_owner(
    shop: Merchant,
) -> None:
    gone = await hooks.endpoint(shop, events=["order.*"])
    other = await hooks.endpoint(shop, events=["webhook_endpoint.*"])
    delivery = await hooks.told(shop)

    await hooks.tried(delivery, replace(NO, status_code=410), NOON)

    after = await WebhookEndpoint.get(id=gone.id)
    assert (after.status, after.disabled_because) == (EndpointStatus.DISABLED, DisableCause.GONE)
    [happened] = await MerchantEvent.filter(type="webhook_endpoint.disabled")
    assert happened.subject_id == gone.id
    await hooks.spread(happened)
    [told] = await WebhookDelivery.filter(event_id=happened.id)
    assert told.endpoint_id == other.id
    [letter] = await SecurityEvent.filter(kind=EventKind.WEBHOOK_DISABLED)
    assert letter.person_id == shop.owner_id
    assert letter.detail["host"] == "93.184.216.34"
    assert await Job.filter(kind="tell_security_event", subject_id=letter.id).exists()


async def test_an_endpoint_that_says_twice_at_once_that_it_is_gone_is_told_of_once(
    shop: Merchant,
) -> None:
    await hooks.endpoint(shop)
    waiting = [await hooks.told(shop) for _ in range(4)]

    await asyncio.gather(*(hooks.tried(each, hooks.GONE, NOON) for each in waiting))

    assert await WebhookAttempt.all().count() == 4
    assert await MerchantEvent.filter(type="webhook_endpoint.disabled").count() == 1
    assert await SecurityEvent.filter(kind=EventKind.WEBHOOK_DISABLED).count() == 1


async def test_an_endpoint_is_left_alone_for_as_long_as_it_asks_but_not_for_ever(
    shop: Merchant,
) -> None:
    endpoint = await hooks.endpoint(shop)
    busy = replace(NO, status_code=503)
    delivery = await hooks.tried(await hooks.told(shop), replace(busy, rest_seconds=90), NOON)

    assert (await WebhookEndpoint.get(id=endpoint.id)).resting_until == NOON + timedelta(seconds=90)
    assert delivery.next_at == NOON + timedelta(seconds=90)

    later = NOON + timedelta(minutes=2)
    delivery = await hooks.tried(delivery, replace(busy, rest_seconds=999_999_999), later)
    assert (await WebhookEndpoint.get(id=endpoint.id)).resting_until == later + REST_MAX
    assert delivery.next_at == later + REST_MAX


async def test_what_is_postponed_is_no_try(shop: Merchant) -> None:
    await hooks.endpoint(shop)
    delivery = await hooks.told(shop)
    job = await hooks.leased(await Job.get(kind=webhooks.DELIVER_JOB))
    later = NOON + timedelta(seconds=30)

    await webhooks.postpone(job, delivery, later, NOON)

    after = await WebhookDelivery.get(id=delivery.id)
    assert (after.status, after.tries, after.next_at) == (DeliveryStatus.PENDING, 0, later)
    assert await _waiting() == [later]


async def test_an_event_can_be_sent_again_whatever_became_of_it(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery = await hooks.tried(await hooks.told(shop), YES, NOON)
    later = NOON + timedelta(days=9)

    again = await webhooks.redeliver(shop.id, delivery.event_id, endpoint.id, later)

    assert (again.id, again.round, again.tries) == (delivery.id, 2, 0)
    assert (again.status, again.next_at) == (DeliveryStatus.PENDING, later)
    assert await _waiting() == [later]


async def test_what_is_left_of_the_round_before_changes_nothing(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery = await hooks.told(shop)
    await webhooks.redeliver(shop.id, delivery.event_id, endpoint.id, NOON + MOMENT)

    after = await hooks.tried(delivery, NO, NOON)

    assert (after.round, after.tries, after.status) == (2, 0, DeliveryStatus.PENDING)
    assert await WebhookAttempt.all().count() == 1
    assert await _waiting() == [NOON + MOMENT]


async def test_of_many_who_ask_at_once_for_an_event_again_each_has_a_round(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    happened = await hooks.event(shop)
    await MerchantEvent.filter(id=happened.id).update(body=hooks.BODY)

    await asyncio.gather(
        *(
            webhooks.redeliver(shop.id, happened.id, endpoint.id, NOON + place * MOMENT)
            for place in range(5)
        )
    )

    [delivery] = await WebhookDelivery.all()
    assert delivery.round == 5


async def test_a_range_brings_what_was_missed_and_fits(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop, events=["order.*"])
    taken = await hooks.tried(await hooks.told(shop), YES, NOON)
    lost = await hooks.tried(await hooks.told(shop), replace(NO, status_code=410), NOON)
    await hooks.event(shop, "payment.captured")
    missed = await hooks.event(shop)
    await MerchantEvent.filter(body__isnull=True).update(body=hooks.BODY)
    await hooks.event(shop, now=NOON + timedelta(hours=1))
    await webhooks.enable(shop.id, endpoint.id)

    count = await _again(shop, endpoint, NOON + timedelta(hours=1))

    assert count == 2
    pending = await WebhookDelivery.filter(status=DeliveryStatus.PENDING)
    assert {each.event_id for each in pending} == {lost.event_id, missed.id}
    assert await _again(shop, endpoint, NOON + timedelta(hours=1)) == 0
    assert await _again(shop, endpoint, NOON + timedelta(hours=1), is_complete=True) == 3
    assert (await WebhookDelivery.get(id=taken.id)).round == 2


async def test_a_range_without_time_or_with_too_much_in_it_is_refused(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop, events=["order.*"])
    await MerchantEvent.bulk_create(
        MerchantEvent(
            id=new_id(),
            merchant_id=shop.id,
            type="order.closed",
            subject_id=shop.id,
            at=NOON,
            body=hooks.BODY,
        )
        for _ in range(1_001)
    )

    for until in (NOON, NOON - timedelta(days=1), NOON + MOMENT):
        with pytest.raises(WebhookRangeInvalid):
            await _again(shop, endpoint, until)

    assert await WebhookDelivery.all().count() == 0
    first = await MerchantEvent.filter(merchant_id=shop.id).first()
    assert first is not None
    await first.delete()
    assert await _again(shop, endpoint, NOON + MOMENT) == 1_000


async def test_nothing_is_asked_of_a_disabled_endpoint_until_it_is_enabled(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    waiting = await hooks.told(shop)
    await _disable(endpoint)
    happened = await hooks.event(shop)

    for verb in (
        webhooks.redeliver(shop.id, happened.id, endpoint.id, NOON),
        webhooks.send_test(shop.id, endpoint.id, NOON),
        _again(shop, endpoint, NOON + MOMENT),
    ):
        with pytest.raises(WebhookEndpointDisabled):
            await verb
    job = await hooks.leased(await Job.get(subject_id=waiting.id))
    await webhooks.give_up(job, waiting, NOON)

    assert (await WebhookDelivery.get(id=waiting.id)).status is DeliveryStatus.FAILED
    enabled = await webhooks.enable(shop.id, endpoint.id)
    assert enabled.status is EndpointStatus.ENABLED
    assert await WebhookEndpoint.filter(disabled_because__isnull=True).exists()
    await webhooks.send_test(shop.id, endpoint.id, NOON)


async def test_a_trial_reaches_the_endpoint_it_is_for_whatever_it_hears(shop: Merchant) -> None:
    tried = await hooks.endpoint(shop, events=["payment.*"])
    await hooks.endpoint(shop)

    happened = await webhooks.send_test(shop.id, tried.id, NOON)
    await hooks.spread(happened)

    [delivery] = await WebhookDelivery.all()
    assert (delivery.endpoint_id, delivery.event_id) == (tried.id, happened.id)


async def test_with_an_endpoint_all_that_is_known_of_it_goes(shop: Merchant) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery = await hooks.tried(await hooks.told(shop), NO, NOON)

    await webhooks.remove(shop.id, endpoint.id)

    for rows in (WebhookEndpoint, WebhookSecret, WebhookDelivery, WebhookAttempt):
        assert await rows.all().count() == 0
    assert await MerchantEvent.filter(id=delivery.event_id).exists()


async def test_the_answer_of_an_endpoint_that_is_removed_meanwhile_is_dropped(
    shop: Merchant,
) -> None:
    endpoint = await hooks.endpoint(shop)
    delivery = await hooks.told(shop)
    job = await hooks.leased(await Job.get(subject_id=delivery.id))
    await webhooks.remove(shop.id, endpoint.id)

    await webhooks.settle(job, delivery, replace(NO, error=AttemptError.TIMEOUT), NOON)

    assert (await Job.get(id=job.id)).done_at == NOON
    assert await WebhookAttempt.all().count() == 0


async def _again(
    shop: Merchant, endpoint: WebhookEndpoint, until: datetime, *, is_complete: bool = False
) -> int:
    return await webhooks.redeliver_range(
        shop.id, endpoint.id, since=NOON, until=until, is_complete=is_complete, now=until
    )


async def _disable(endpoint: WebhookEndpoint) -> None:
    await WebhookEndpoint.filter(id=endpoint.id).update(
        status=EndpointStatus.DISABLED, disabled_because=DisableCause.GONE, disabled_at=NOON
    )


async def _waiting() -> list[datetime]:
    """When deliveries will be tried."""
    jobs_left = Job.filter(kind=webhooks.DELIVER_JOB, done_at__isnull=True).order_by("due_at")
    return list(await jobs_left.values_list("due_at", flat=True))  # type: ignore[arg-type]
