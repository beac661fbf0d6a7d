"""A wallet's movements, newest first: what its owner asked for, and what reached it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q

from models.database import Client
from models.movements import Movement, MovementKind, MovementStatus
from models.places import Place
from models.wallets import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to look for; what is None or empty is not asked. Amounts are minor units, inclusive."""

    kinds: Sequence[MovementKind] = ()
    statuses: Sequence[MovementStatus] = ()
    since: datetime | None = None
    until: datetime | None = None
    least: int | None = None
    most: int | None = None
    counterparty_id: UUID | None = None
    text: str | None = None


ANYTHING: Final = Filter()

# Two index scans, one per side, merged: a page costs the same wherever it stands in history.
_SIDE: Final = """
    (SELECT m.* FROM movements m
     WHERE m.{mine} = $1 AND (m.person_id = $2 OR m.status = 'completed')
       AND ($3::timestamptz IS NULL OR (m.created_at, m.id) < ($3, $4))
       AND ($6::text[] IS NULL OR m.kind = ANY ($6))
       AND ($7::text[] IS NULL OR m.status = ANY ($7))
       AND ($8::timestamptz IS NULL OR m.created_at >= $8)
       AND ($9::timestamptz IS NULL OR m.created_at < $9)
       AND ($10::bigint IS NULL OR m.amount >= $10)
       AND ($11::bigint IS NULL OR m.amount <= $11)
       AND ($12::uuid[] IS NULL OR m.{theirs} = ANY ($12))
       AND ($13::text IS NULL OR m.note ILIKE $13)
     ORDER BY m.created_at DESC, m.id DESC LIMIT $5)
"""
_PAGE: Final = (
    f"SELECT * FROM ({_SIDE.format(mine='source_id', theirs='target_id')}"  # noqa: S608 - constants
    f" UNION ALL {_SIDE.format(mine='target_id', theirs='source_id')}) sides "
    "ORDER BY created_at DESC, id DESC LIMIT $5"
)


_VISIBLE: Final = """
    SELECT a.place, m FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY a (person_id, id, place)
    JOIN movements m ON m.id = a.id
    WHERE m.person_id = a.person_id OR m.status = 'completed' AND EXISTS (
        SELECT 1 FROM accounts s
        WHERE s.id IN (m.source_id, m.target_id) AND s.owner_id = a.person_id)
"""


_OF: Final = "SELECT * FROM movements WHERE id = ANY ($1)"


async def page(
    wallet: Account, *, limit: int, after: Place | None = None, wanted: Filter = ANYTHING
) -> list[Movement]:
    """Up to `limit` movements of the wallet that come after a place; failures are among them."""
    after_at, after_id = after or (None, None)
    theirs = None
    if wanted.counterparty_id is not None:
        party = wanted.counterparty_id
        accounts = Account.filter(Q(owner_id=party) | Q(merchant_id=party))
        theirs = await accounts.values_list("id", flat=True)
    rows = await get_connection("default").execute_query_dict(
        _PAGE,
        [
            wallet.id,
            wallet.owner_id,
            after_at,
            after_id,
            limit,
            [kind.value for kind in wanted.kinds] or None,
            [status.value for status in wanted.statuses] or None,
            wanted.since,
            wanted.until,
            wanted.least,
            wanted.most,
            theirs,
            None if wanted.text is None else f"%{_literal(wanted.text)}%",
        ],
    )
    return [Movement._init_from_db(**row) for row in rows]


async def visible(database: Client, asked: Sequence[tuple[UUID, UUID]]) -> list[Movement | None]:
    """For each person and movement: the movement, if they asked for it or it reached their wallet.

    One statement, outside of any transaction.
    """
    people, movements = zip(*asked, strict=True)
    rows = await database.pool.fetch(_VISIBLE, people, movements)
    found: list[Movement | None] = [None] * len(asked)
    for place, row in rows:
        found[place - 1] = Movement._init_from_db(**row)
    return found


async def of(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, Movement]:
    """These movements, whoever may see them; one statement, outside of any transaction."""
    rows = await database.pool.fetch(_OF, list(movement_ids))
    return {row["id"]: Movement._init_from_db(**row) for row in rows}


def _literal(text: str) -> str:
    """The text with what LIKE would read as a pattern taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
