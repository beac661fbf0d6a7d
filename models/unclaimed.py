"""Transfers to telephone numbers that are nobody's yet, and what is seen of their far end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import fields

from models.database import Client, client
from models.rows import Model
from models.sides import Owner


class UnclaimedTransfer(Model):
    """A transfer to a telephone number that nobody has proved.

    `id` is what its quote is about. `movement_id`, `claimable_at` and `expires_at` are null until
    it is confirmed. `phone` (E.164) is forgotten when it is over; `masked` stays. `claimed_by` is
    the movement that brought the money to whoever proved the number.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    phone = fields.CharField(max_length=16, null=True)
    masked = fields.CharField(max_length=16)
    prepared_at: datetime = fields.DatetimeField()
    movement_id: UUID | None = fields.UUIDField(null=True, unique=True)
    claimable_at: datetime | None = fields.DatetimeField(null=True)
    expires_at: datetime | None = fields.DatetimeField(null=True)
    told_at: datetime | None = fields.DatetimeField(null=True)
    claimed_by: UUID | None = fields.UUIDField(null=True, unique=True)

    class Meta:
        table = "unclaimed_transfers"


@dataclass(frozen=True, slots=True)
class FarEnd:
    """The side of a movement on which the money waited, as the other side sees it.

    `masked` is the number it was sent to, or `payer` whoever sent it. `returns_at` is when it goes
    back unless it is claimed.
    """

    masked: str | None = None
    payer: Owner | None = None
    returns_at: datetime | None = None


_FAR_ENDS: Final = """
    SELECT u.movement_id AS id, u.masked, u.expires_at, NULL::uuid AS payer_id, NULL AS name,
           false AS is_closed
    FROM unclaimed_transfers u WHERE u.movement_id = ANY ($1)
    UNION ALL
    SELECT u.claimed_by, NULL, NULL, p.id, p.display_name, p.closed_at IS NOT NULL
    FROM unclaimed_transfers u JOIN movements m ON m.id = u.movement_id
    JOIN people p ON p.id = m.person_id WHERE u.claimed_by = ANY ($1)
"""


async def far_ends(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, FarEnd]:
    """The far ends of those of the movements that have one, in one statement."""
    rows = await database.execute_query_dict(_FAR_ENDS, [list(movement_ids)])
    return {row["id"]: _far_end(row) for row in rows}


def _far_end(row: dict[str, object]) -> FarEnd:
    if row["masked"] is not None:
        return FarEnd(masked=str(row["masked"]), returns_at=row["expires_at"])  # type: ignore[arg-type]
    payer_id, is_closed = row["payer_id"], bool(row["is_closed"])
    assert isinstance(payer_id, UUID)
    return FarEnd(payer=Owner(payer_id, str(row["name"]), is_closed=is_closed))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that somebody could claim; `amount` is in minor units of `currency`."""

    movement_id: UUID
    payer: Owner
    amount: int
    currency: str
    note: str
    claimable_at: datetime
    expires_at: datetime


_WAITING: Final = """
    SELECT u.movement_id, u.claimable_at, u.expires_at, m.amount, m.currency, m.note,
           p.id AS payer_id, p.display_name
    FROM contacts c JOIN unclaimed_transfers u ON u.phone = c.value
    JOIN movements m ON m.id = u.movement_id JOIN people p ON p.id = m.person_id
    WHERE c.person_id = $1 AND c.kind = 'phone' AND c.verified_at IS NOT NULL
        AND c.removed_at IS NULL
        AND m.status = 'pending' AND m.person_id <> $1 AND u.expires_at > $2
    ORDER BY u.expires_at, u.id LIMIT $3
"""


async def waiting_for(person_id: UUID, now: datetime, *, limit: int) -> Sequence[Waiting]:
    """What waits for a number that this person has proved, what goes back soonest first."""
    rows = await client().execute_query_dict(_WAITING, [person_id, now, limit])
    return [
        Waiting(
            payer=Owner(row.pop("payer_id"), row.pop("display_name")),
            **row,
        )
        for row in rows
    ]
