"""Requests to be verified: who somebody says they are, and what an agent decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.places import Place, oldest
from models.rows import Model


class RequestStatus(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class VerificationRefusal(StrEnum):
    """Why a request was refused, as its owner is told."""

    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NAME_DIFFERS = "name_differs"
    OTHER = "other"


class VerificationRequest(Model):
    """One request; name and number are sealed in the file `file_id`, which is null once erased."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    level: int = fields.SmallIntField()
    file_id: UUID | None = fields.UUIDField(null=True)
    status = fields.CharEnumField(RequestStatus, max_length=16)
    refusal: VerificationRefusal | None = fields.CharEnumField(  # type: ignore[assignment]
        VerificationRefusal, max_length=16, null=True
    )
    asked_at: datetime = fields.DatetimeField()
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decided_by: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "verification_requests"


async def waiting(*, limit: int, after: Place | None = None) -> list[VerificationRequest]:
    """Up to `limit` requests that wait for a decision after a place, the longest waiting first."""
    open_ones = VerificationRequest.filter(status=RequestStatus.ASKED)
    return await oldest(open_ones, "asked_at", limit=limit, after=after)
