"""Favourites: payees that somebody keeps, and whom they have paid lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import payees, texts
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from models.acquaintances import FavouritePayee
from models.database import client
from models.ids import new_id
from models.people import Person
from models.sides import Owner, Side
from models.wallets import AccountKind

ALIAS_MAX: Final = 32
MOST: Final = 100
LATELY: Final = timedelta(days=180)
LOOKED_AT: Final = 500
"""How many of the newest payments are looked at: a wallet's past may be a million of them."""


class AliasInvalid(Refusal):
    """An alias is at most 32 characters of visible text."""

    def __init__(self) -> None:
        super().__init__("An alias is at most 32 characters of visible text.")


class TooManyFavourites(Refusal):
    """Somebody keeps as many payees as they can."""

    def __init__(self) -> None:
        super().__init__(f"At most {MOST} favourites can be kept.")


ADD_REFUSALS: Final = (*payees.FIND_REFUSALS, AliasInvalid, TooManyFavourites)


@dataclass(frozen=True, slots=True)
class Favourite:
    """A payee that is kept, and the person behind it."""

    row: FavouritePayee
    payee: Person


@dataclass(frozen=True, slots=True)
class Recent:
    """Somebody who was paid lately, a person or a merchant, and when last."""

    side: Side
    paid_at: datetime


async def add(payee: payees.Named, alias: str, *, by: UUID, now: datetime) -> Favourite:
    """Keeps a payee; kept already, it gets the new alias.

    Raises:
        One of `payees.FIND_REFUSALS`, AliasInvalid, TooManyFavourites: see there.
    """
    name = alias.strip()
    if len(name) > ALIAS_MAX or not texts.is_seen(name):
        raise AliasInvalid
    person = await payees.find(payee, by=by, now=now)
    async with decision():
        # The person's own row keeps two additions at once from passing the number together.
        await Person.filter(id=by).select_for_update(no_key=True).get()
        mine = FavouritePayee.filter(person_id=by)
        if await mine.exclude(payee_id=person.id).count() >= MOST:
            raise TooManyFavourites
        kept = FavouritePayee(
            id=new_id(), person_id=by, payee_id=person.id, alias=name, added_at=now
        )
        await FavouritePayee.bulk_create(
            [kept], on_conflict=["person_id", "payee_id"], update_fields=["alias"]
        )
    return Favourite(await mine.get(payee_id=person.id), person)


async def remove(favourite_id: UUID, *, by: UUID) -> None:
    """Keeps a payee no longer.

    Raises:
        NotFound: it is none of theirs.
    """
    if not await FavouritePayee.filter(id=favourite_id, person_id=by).delete():
        raise NotFound


async def of(person_id: UUID) -> list[Favourite]:
    """The payees that somebody keeps, by alias and age; those who closed their account are gone."""
    rows = await FavouritePayee.filter(person_id=person_id).order_by("alias", "added_at", "id")
    people = await Person.in_bulk([row.payee_id for row in rows], "id")
    return [
        Favourite(row, people[row.payee_id])
        for row in rows
        if people[row.payee_id].closed_at is None
    ]


async def paid_lately(person_id: UUID, now: datetime, *, limit: int) -> list[Recent]:
    """Whom somebody paid in the last 180 days, the last first, each once. One statement."""
    rows = await client().execute_query_dict(_RECENT, [person_id, now - LATELY, LOOKED_AT, limit])
    return [
        Recent(
            Side(
                AccountKind(row["kind"]),
                Owner(row["id"], row["name"], row["is_merchant"], row["is_closed"]),
            ),
            row["paid_at"],
        )
        for row in rows
    ]


# By the index of sources, newest first, and no further back than it takes.
_RECENT: Final = """
    SELECT a.kind, coalesce(p.id, m.id) AS id, coalesce(p.display_name, m.name) AS name,
           m.id IS NOT NULL AS is_merchant, false AS is_closed, max(paid.created_at) AS paid_at
    FROM accounts mine
    CROSS JOIN LATERAL (
        SELECT v.target_id, v.created_at FROM movements v
        WHERE v.source_id = mine.id AND v.created_at >= $2 AND v.status IN ('completed', 'pending')
            AND v.kind IN ('transfer', 'merchant_payment')
        ORDER BY v.created_at DESC LIMIT $3
    ) paid
    JOIN accounts a ON a.id = paid.target_id
    LEFT JOIN people p ON p.id = a.owner_id AND p.closed_at IS NULL
    LEFT JOIN merchants m ON m.id = a.merchant_id AND m.status <> 'closed'
    WHERE mine.owner_id = $1 AND mine.kind = 'wallet' AND coalesce(p.id, m.id) IS NOT NULL
    GROUP BY a.kind, p.id, m.id ORDER BY paid_at DESC, id LIMIT $4
"""
