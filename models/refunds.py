"""Refunds: money of a payment that goes back, from the wish to its end, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tortoise import fields

from models.database import Client
from models.places import Place, newest
from models.rows import Model


class RefundStatus(StrEnum):
    """Where a refund stands.

    REQUESTED waits for the merchant. PENDING has left the merchant, and waits with uPay because the
    wallet that paid is closed. FAILED can be tried again; the others are final.
    """

    REQUESTED = "requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why money goes back."""

    CANCELLED = "cancelled"
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_AMOUNT = "wrong_amount"
    DUPLICATE = "duplicate"
    OTHER = "other"
    ORDER_PAID_TWICE = "order_paid_twice"  # uPay's own word: another payment had taken the order


class RefundOrigin(StrEnum):
    """Who began it."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"
    AUTOMATIC = "automatic"


class Refund(Model):
    """Money of a payment that goes back; `amount` is minor units of `currency`.

    `payment_id` is the movement that paid, `movement_id` the latest try to give back. `note` is by
    whoever began it, `answer` the merchant's to a request that it rejects. `version` counts the
    steps and is what a step was decided upon. `failure_missing` (minor units) is how far the
    merchant's funds fell short.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    payment_id: UUID = fields.UUIDField()
    merchant_id: UUID = fields.UUIDField()
    amount: int = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    reason = fields.CharEnumField(RefundReason, max_length=24)
    note = fields.CharField(max_length=140, default="")
    answer = fields.CharField(max_length=140, default="")
    origin = fields.CharEnumField(RefundOrigin, max_length=16)
    status = fields.CharEnumField(RefundStatus, max_length=16)
    version: int = fields.IntField(default=1)
    movement_id: UUID | None = fields.UUIDField(null=True)
    failure_code = fields.CharField(max_length=48, null=True)
    failure_missing: int | None = fields.BigIntField(null=True)
    created_at: datetime = fields.DatetimeField()
    settled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "refunds"


class RefundStep(Model):
    """What a refund became, the `place`-th of its steps, and who made it so.

    `movement_id` is the try that this step was. Of person and key at most one is there; uPay itself
    is neither.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    refund_id: UUID = fields.UUIDField()
    place: int = fields.IntField()
    status = fields.CharEnumField(RefundStatus, max_length=16)
    movement_id: UUID | None = fields.UUIDField(null=True)
    person_id: UUID | None = fields.UUIDField(null=True)
    api_key_id: UUID | None = fields.UUIDField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "refund_steps"


_OF_PAYMENTS: Final = """
    SELECT r.* FROM refunds r WHERE r.payment_id = ANY ($1) ORDER BY r.created_at, r.id
"""
_OF_MOVEMENTS: Final = """
    SELECT s.movement_id AS try_id, r.* FROM refund_steps s JOIN refunds r ON r.id = s.refund_id
    WHERE s.movement_id = ANY ($1)
"""
_STEPS: Final = """
    SELECT s.* FROM refund_steps s WHERE s.refund_id = ANY ($1) ORDER BY s.refund_id, s.place
"""


async def of_payments(database: Client, payment_ids: Collection[UUID]) -> dict[UUID, list[Refund]]:
    """The refunds of each of these payments, the oldest first; one statement."""
    found: dict[UUID, list[Refund]] = {id: [] for id in payment_ids}
    for row in await database.pool.fetch(_OF_PAYMENTS, list(found)):
        found[row["payment_id"]].append(Refund._init_from_db(**row))
    return found


async def of_movements(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, Refund]:
    """The refund that each of these movements was a try of; one statement."""
    rows = await database.pool.fetch(_OF_MOVEMENTS, list(movement_ids))
    return {row["try_id"]: Refund._init_from_db(**_without_try(row)) for row in rows}


async def page(
    merchant_id: UUID, *, status: RefundStatus | None, limit: int, after: Place | None
) -> list[Refund]:
    """Up to `limit` refunds of a merchant that come after a place, newest first."""
    found = Refund.filter(merchant_id=merchant_id)
    if status is not None:
        found = found.filter(status=status)
    return await newest(found, "created_at", limit=limit, after=after)


def _without_try(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "try_id"}


async def steps_of(database: Client, refund_ids: Collection[UUID]) -> dict[UUID, list[RefundStep]]:
    """The steps of each of these refunds, in their order; one statement."""
    found: dict[UUID, list[RefundStep]] = {id: [] for id in refund_ids}
    for row in await database.pool.fetch(_STEPS, list(found)):
        found[row["refund_id"]].append(RefundStep._init_from_db(**row))
    return found
