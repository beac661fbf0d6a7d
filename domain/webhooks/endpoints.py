"""The addresses a merchant wants to be told at: added, changed, taken away, switched on and off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import merchant_events, security_events, texts
from domain.decisions import Announce, decision
from domain.merchant_events import EventType
from domain.refusals import NotFound, Refusal
from domain.webhooks import addresses, event_filters, signing_secrets
from domain.webhooks.addresses import Target, WebhookUrlInvalid, WebhookUrlRefused
from domain.webhooks.event_filters import WebhookEventsInvalid
from models.ids import new_id
from models.merchants import Merchant
from models.security_events import EventKind
from models.webhooks import DisableCause, EndpointStatus, WebhookEndpoint

ENDPOINTS_MAX: Final = 10
DESCRIPTION_MAX: Final = 140


class WebhookDescriptionInvalid(Refusal):
    """The description is too long, or has characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("This description cannot be used.")


class TooManyWebhookEndpoints(Refusal):
    """The merchant has as many endpoints as it may; `most` is how many."""

    def __init__(self) -> None:
        super().__init__("A merchant cannot have so many webhook endpoints.")
        self.most = ENDPOINTS_MAX


class WebhookEndpointDisabled(Refusal):
    """Nothing is sent to this endpoint until it is enabled again."""

    def __init__(self) -> None:
        super().__init__("This webhook endpoint is disabled.")


ADD_REFUSALS: Final = (
    WebhookUrlInvalid,
    WebhookUrlRefused,
    WebhookEventsInvalid,
    WebhookDescriptionInvalid,
    TooManyWebhookEndpoints,
)
CHANGE_REFUSALS: Final = (
    WebhookUrlInvalid,
    WebhookUrlRefused,
    WebhookEventsInvalid,
    WebhookDescriptionInvalid,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an endpoint should be; of one that is changed, None stays as it is."""

    url: str | None = None
    description: str | None = None
    events: Sequence[str] | None = None

    async def checked(self) -> dict[str, Any]:
        """The columns to write. Asks for the addresses of the url's name, so call it unlocked.

        Raises:
            WebhookUrlInvalid, WebhookUrlRefused, WebhookEventsInvalid, WebhookDescriptionInvalid:
                what is wished for cannot be.
        """
        columns: dict[str, Any] = {}
        if self.description is not None:
            columns["description"] = _described(self.description)
        if self.events is not None:
            columns["events"] = event_filters.checked(self.events)
        if self.url is not None:
            columns["url"] = Target.read(self.url).url
            await addresses.destinations(self.url)
        return columns


async def add(merchant_id: UUID, wish: Wish, now: datetime) -> tuple[WebhookEndpoint, str]:
    """Adds an endpoint; returns it with its secret, which nobody can see again.

    Raises:
        WebhookUrlInvalid, WebhookUrlRefused, WebhookEventsInvalid, WebhookDescriptionInvalid,
        TooManyWebhookEndpoints: nothing was added.
    """
    columns = await wish.checked()
    async with decision():
        # Two that are added at once must not both be the tenth.
        await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
        if await WebhookEndpoint.filter(merchant_id=merchant_id).count() >= ENDPOINTS_MAX:
            raise TooManyWebhookEndpoints
        facts = {"description": "", "events": ["*"], **columns}
        endpoint = await WebhookEndpoint.create(
            id=new_id(),
            merchant_id=merchant_id,
            status=EndpointStatus.ENABLED,
            created_at=now,
            **facts,
        )
        return endpoint, await signing_secrets.make(endpoint.id, now)


async def change(merchant_id: UUID, endpoint_id: UUID, wish: Wish) -> WebhookEndpoint:
    """Changes what is wished for of an endpoint; what is under way goes to its address by then.

    Raises:
        NotFound: the merchant has no such endpoint.
        WebhookUrlInvalid, WebhookUrlRefused, WebhookEventsInvalid, WebhookDescriptionInvalid:
            nothing was changed.
    """
    await find(merchant_id, endpoint_id)
    columns = await wish.checked()
    async with decision():
        endpoint = await locked(merchant_id, endpoint_id)
        if columns:
            endpoint.update_from_dict(columns)
            await endpoint.save(update_fields=list(columns))
    return endpoint


async def remove(merchant_id: UUID, endpoint_id: UUID) -> None:
    """Takes an endpoint away, with its secrets and all that is known of its deliveries.

    Raises:
        NotFound: the merchant has no such endpoint.
    """
    async with decision():
        await (await locked(merchant_id, endpoint_id)).delete()


async def rotate_secret(
    merchant_id: UUID, endpoint_id: UUID, now: datetime
) -> tuple[WebhookEndpoint, str, datetime]:
    """Another secret, shown once, and until when the one before it signs as well.

    Raises:
        NotFound: the merchant has no such endpoint.
    """
    async with decision():
        endpoint = await locked(merchant_id, endpoint_id)
        secret, until = await signing_secrets.replace(endpoint.id, now)
    return endpoint, secret, until


async def enable(merchant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Sends to an endpoint again, from the next event on; what it missed can be redelivered.

    Raises:
        NotFound: the merchant has no such endpoint.
    """
    async with decision():
        endpoint = await locked(merchant_id, endpoint_id)
        if endpoint.status is EndpointStatus.DISABLED:
            columns = {
                "status": EndpointStatus.ENABLED,
                "disabled_because": None,
                "disabled_at": None,
                "failing_since": None,
                "resting_until": None,
            }
            endpoint.update_from_dict(columns)
            await endpoint.save(update_fields=list(columns))
    return endpoint


async def disable_in(
    announce: Announce, endpoint: WebhookEndpoint, cause: DisableCause, now: datetime
) -> None:
    """Sends nothing more to an endpoint that is locked, and tells its merchant in two ways.

    Its other endpoints hear of it, and whoever answers for the merchant gets a letter.
    """
    if endpoint.status is EndpointStatus.DISABLED:
        return
    endpoint.status, endpoint.disabled_because = EndpointStatus.DISABLED, cause
    endpoint.disabled_at = now
    await endpoint.save(update_fields=["status", "disabled_because", "disabled_at"])
    await merchant_events.record(
        announce,
        endpoint.merchant_id,
        EventType.ENDPOINT_DISABLED,
        subject_id=endpoint.id,
        now=now,
    )
    merchant = await Merchant.get(id=endpoint.merchant_id)
    await security_events.record(
        announce,
        EventKind.WEBHOOK_DISABLED,
        person_id=merchant.owner_id,
        now=now,
        merchant=merchant.name,
        host=Target.read(endpoint.url).host,
        endpoint_id=str(endpoint.id),
    )


async def find(merchant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """The merchant's endpoint.

    Raises:
        NotFound: it has none such.
    """
    endpoint = await WebhookEndpoint.get_or_none(id=endpoint_id, merchant_id=merchant_id)
    if endpoint is None:
        raise NotFound
    return endpoint


async def locked(merchant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """As `find`, and nobody else changes it until the caller's decision is over."""
    mine = WebhookEndpoint.filter(id=endpoint_id, merchant_id=merchant_id)
    endpoint = await mine.select_for_update(no_key=True).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def _described(text: str) -> str:
    if len(text) > DESCRIPTION_MAX or not texts.is_seen(text):
        raise WebhookDescriptionInvalid
    return text.strip()
