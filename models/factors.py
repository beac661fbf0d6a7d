"""Second factors beside the authenticator app in force, and the loss of all of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.places import Place, newest
from models.rows import Model


class TotpEnrolment(Model):
    """An authenticator app that is being set up in one session; none of its codes counts yet."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    session_id: UUID = fields.UUIDField()
    sealed_secret: bytes = fields.BinaryField()
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "totp_enrolments"


class RecoverySet(Model):
    """Somebody's recovery codes together; `sealed_secret` is the key their MACs are made with."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    sealed_secret: bytes = fields.BinaryField()
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "recovery_sets"


class RecoveryCode(Model):
    """One recovery code; the letters themselves are kept nowhere."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    mac: bytes = fields.BinaryField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_codes"


class LossEnd(StrEnum):
    """How the report of a loss came to its end."""

    WITHDRAWN = "withdrawn"  # by its owner, or because a second factor was used after all
    CLEARED = "cleared"  # the desk took every second factor away
    REFUSED = "refused"  # the desk did not


class FactorLoss(Model):
    """Somebody says that all their second factors are lost.

    It counts from `reported_at`, when the code sent to a contact came back, and can be granted from
    `decidable_at` on.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    begun_at: datetime = fields.DatetimeField()
    reported_at: datetime | None = fields.DatetimeField(null=True)
    decidable_at: datetime | None = fields.DatetimeField(null=True)
    end_kind = fields.CharEnumField(LossEnd, max_length=16, null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    ended_by: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "factor_losses"


async def undecided(*, after: Place | None, limit: int) -> list[FactorLoss]:
    """Reports that count and are not over, newest first, after a place in that order."""
    found = FactorLoss.filter(ended_at__isnull=True, reported_at__isnull=False)
    return await newest(found, "reported_at", limit=limit, after=after)
