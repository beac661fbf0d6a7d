"""What merchants are sent about their events: the API's own words, written down once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from domain import orders, payments
from domain.webhooks import Target
from models import purchases
from models.database import client
from models.merchants import Merchant
from models.movements import Movement, MovementKind
from models.orders import Order
from models.payments import MerchantEvent, Payment
from models.people import Person
from models.refunds import Refund
from models.sessions import Audience
from models.settlements import Settlement
from models.webhooks import WebhookEndpoint
from schema import catalogue, ids
from schema.catalogue.entries import Entry
from schema.texts import Language

BYTES_MAX: Final = 20_000

Words: TypeAlias = dict[str, Any]
Describe: TypeAlias = Callable[[MerchantEvent], Awaitable[Words]]


async def write(event: MerchantEvent, *, livemode: bool, now: datetime) -> str:
    """The body of an event, as Standard Webhooks have it: `type`, `timestamp` and `data`.

    `data` is what the event is about as it stands now, `asOf`, which may be later than the event;
    `timestamp` is when it happened.
    """
    describe = _DESCRIBED[event.type.partition(".")[0]]
    data = {
        **await describe(event),
        "merchantId": ids.public(ids.Prefix.MERCHANT, event.merchant_id),
        "livemode": livemode,
        "asOf": _moment(now),
    }
    words = {"type": event.type, "timestamp": _moment(event.at), "data": data}
    body = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    assert len(body.encode()) <= BYTES_MAX, "every text in it is bounded"
    return body


async def _payment(event: MerchantEvent) -> Words:
    purchase = (await purchases.of(client(), [event.subject_id]))[event.subject_id]
    movement, payment = purchase.movement, purchase.payment
    amounts = {
        name: _money(getattr(payment, column), movement.currency)
        for name, column in _COUNTERS.items()
    }
    return {
        "id": ids.of_movement(movement),
        "object": "payment",
        "seq": payment.stream_seq,
        "status": payments.state(movement, payment).name,
        "amount": _money(movement.amount, movement.currency),
        **amounts,
        "captureBefore": _moment(payment.capture_before),
        "failure": await _failure(movement.failure_code, event),
        "createdAt": _moment(movement.created_at),
        "settledAt": _moment(movement.settled_at),
        **_named(purchase.order),
    }


async def _order(event: MerchantEvent) -> Words:
    order = await Order.get(id=event.subject_id)
    paid_by = None if order.paid_by is None else await Movement.get(id=order.paid_by)
    return {
        "id": ids.public(ids.Prefix.ORDER, order.id),
        "object": "order",
        "status": orders.standing(order, event.at).name,
        "amount": _money(order.amount, order.currency),
        "paymentId": paid_by and ids.of_movement(paid_by),
        "createdAt": _moment(order.created_at),
        "expiresAt": _moment(order.expires_at),
        "paidAt": _moment(order.paid_at),
        "closedAt": _moment(order.closed_at),
        **_named(order),
    }


async def _refund(event: MerchantEvent) -> Words:
    refund = await Refund.get(id=event.subject_id)
    payment = await Payment.get(movement_id=refund.payment_id)
    order = await Order.get(id=payment.order_id)
    return {
        "id": ids.public(ids.Prefix.PAYMENT_REFUND, refund.id),
        "object": "refund",
        "seq": refund.version,
        "status": refund.status.name,
        "amount": _money(refund.amount, refund.currency),
        "reason": refund.reason.name,
        "origin": refund.origin.name,
        "note": refund.note,
        "paymentId": ids.public(ids.Prefix.MERCHANT_PAYMENT, refund.payment_id),
        "failure": await _own_failure(refund.failure_code, event),
        "createdAt": _moment(refund.created_at),
        "settledAt": _moment(refund.settled_at),
        **_named(order),
    }


async def _settlement(event: MerchantEvent) -> Words:
    settlement = await Settlement.get(id=event.subject_id)
    amounts = {
        name: _money(getattr(settlement, column), settlement.currency)
        for name, column in _SUMS.items()
    }
    return {
        "id": ids.public(ids.Prefix.SETTLEMENT, settlement.id),
        "object": "settlement",
        "day": settlement.day.isoformat(),
        **amounts,
        "payoutId": _maybe(ids.Prefix.PAYOUT, settlement.payout_id),
        "createdAt": _moment(settlement.created_at),
    }


async def _payout(event: MerchantEvent) -> Words:
    payout = await Movement.get(id=event.subject_id, kind=MovementKind.PAYOUT)
    settlement = await Settlement.get_or_none(payout_id=payout.id)
    return {
        "id": ids.of_movement(payout),
        "object": "payout",
        "seq": payout.stream_seq,
        "status": payout.status.name,
        "amount": _money(payout.amount, payout.currency),
        "settlementId": settlement and ids.public(ids.Prefix.SETTLEMENT, settlement.id),
        "failure": await _own_failure(payout.failure_code, event),
        "createdAt": _moment(payout.created_at),
        "settledAt": _moment(payout.settled_at),
    }


async def _endpoint(event: MerchantEvent) -> Words:
    endpoint = await WebhookEndpoint.get_or_none(id=event.subject_id)
    public_id = ids.public(ids.Prefix.WEBHOOK_ENDPOINT, event.subject_id)
    if endpoint is None:  # Removed since.
        return {"id": public_id, "object": "webhook_endpoint"}
    cause = endpoint.disabled_because
    return {
        "id": public_id,
        "object": "webhook_endpoint",
        # Of an address only the host: the rest may be a secret of its own.
        "host": Target.read(endpoint.url).host,
        "status": endpoint.status.name,
        "disabledBecause": cause and cause.name,
        "disabledAt": _moment(endpoint.disabled_at),
    }


_DESCRIBED: Final[Mapping[str, Describe]] = {
    "payment": _payment,
    "order": _order,
    "refund": _refund,
    "settlement": _settlement,
    "payout": _payout,
    "webhook_endpoint": _endpoint,
}
"""By the first word of an event's type; a test holds it complete."""

_COUNTERS: Final = {
    "authorized": "authorized",
    "captured": "captured",
    "voided": "voided",
    "refunded": "refunded",
    "refundPending": "refund_pending",
}
_SUMS: Final = {
    "opening": "opening",
    "captured": "captured",
    "refunded": "refunded",
    "paidOut": "paid_out",
    "other": "other",
    "fees": "fees",
    "closing": "closing",
    "payout": "payout",
}


async def _failure(recorded: str | None, event: MerchantEvent) -> Words | None:
    """Why a payment failed, as far as its merchant may know it."""
    if recorded is None:
        return None
    return await _told(catalogue.failure_for_merchant(recorded), event)


async def _own_failure(recorded: str | None, event: MerchantEvent) -> Words | None:
    """Why something failed that is the merchant's own."""
    if recorded is None:
        return None
    return await _told(catalogue.failure(recorded, Audience.PUBLIC), event)


async def _told(entry: Entry, event: MerchantEvent) -> Words:
    """A reason in the language of whoever answers for the merchant."""
    merchant = await Merchant.get(id=event.merchant_id)
    owner = await Person.get(id=merchant.owner_id)
    return {"code": entry.code, "title": entry.heading(Language(owner.locale))}


def _named(order: Order) -> Words:
    """By what a merchant knows an order again."""
    return {
        "orderId": ids.public(ids.Prefix.ORDER, order.id),
        "orderNumber": order.number,
        "reference": order.reference,
        "description": order.description,
    }


def _money(amount: int, currency: str) -> Words:
    return {"amountMinor": amount, "currency": currency}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _maybe(prefix: ids.Prefix, id: UUID | None) -> str | None:
    return None if id is None else ids.public(prefix, id)
