"""What an archive says of others: money asked for, payees that are kept, people who are blocked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain import names
from domain.exports.subjects import Row, Subject
from models.acquaintances import FavouritePayee, PersonBlock
from models.money_requests import MoneyRequest
from models.people import Person

REQUESTS_ABOUT: Final = (
    "Money that you asked others for, or others asked you for. Amounts are minor units of the "
    "currency; the note is what you wrote, and null where somebody else did."
)
REQUEST: Final = (
    "id",
    "asked_by",
    "other",
    "amount",
    "currency",
    "note",
    "status",
    "created_at",
    "ended_at",
)
KNOWN: Final = ("what", "other", "alias", "since")
PAGE_ROWS: Final = 500


async def requests(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    """Every request on either side, in the order in which they were made."""
    person_id, last = subject.person.id, UUID(int=0)
    theirs = MoneyRequest.filter(Q(asker_id=person_id) | Q(payer_id=person_id))
    while found := await theirs.filter(id__gt=last).order_by("id").limit(PAGE_ROWS):
        last = found[-1].id
        others = {row.payer_id if row.asker_id == person_id else row.asker_id for row in found}
        known = await Person.in_bulk(others, "id")
        yield [_request(row, person_id, known) for row in found]


async def known(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    """Favourites and blocks, which are at most some hundred."""
    person_id = subject.person.id
    kept = await FavouritePayee.filter(person_id=person_id).order_by("id")
    blocked = await PersonBlock.filter(person_id=person_id).order_by("id")
    ids = [*(row.payee_id for row in kept), *(row.blocked_id for row in blocked)]
    people = await Person.in_bulk(ids, "id")
    yield [
        *(_known("favourite", people[row.payee_id], row.alias, row.added_at) for row in kept),
        *(_known("blocked", people[row.blocked_id], "", row.at) for row in blocked),
    ]


def _request(row: MoneyRequest, person_id: UUID, known: dict[UUID, Person]) -> Row:
    is_mine = row.asker_id == person_id
    other = known[row.payer_id if is_mine else row.asker_id]
    return {
        "id": f"mrq_{row.id.hex}",
        "asked_by": "you" if is_mine else "somebody else",
        "other": names.masked_name(other.display_name),
        "amount": row.amount,
        "currency": row.currency,
        "note": row.note if is_mine else None,
        "status": row.status.value,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }


def _known(what: str, other: Person, alias: str, since: object) -> Row:
    name = names.masked_name(other.display_name)
    return {"what": what, "other": name, "alias": alias, "since": since}
