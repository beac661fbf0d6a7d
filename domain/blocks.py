"""Blocks: whom somebody does not want to be paid or asked by, and who is not told so."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.decisions import decision
from domain.payees import PayeeNotFound, SelfPayment
from domain.refusals import NotFound, Refusal
from models.acquaintances import PersonBlock
from models.ids import new_id
from models.people import Person, Role

MOST: Final = 200


class TooManyBlocks(Refusal):
    """Somebody has blocked as many people as they can."""

    def __init__(self) -> None:
        super().__init__(f"At most {MOST} people can be blocked.")


BLOCK_REFUSALS: Final = (PayeeNotFound, SelfPayment, TooManyBlocks)


async def block(*, by: UUID, blocked_id: UUID, now: datetime) -> Person:
    """Lets neither a transfer nor a request of that person reach `by`; done again it is the same.

    What is under way goes on. A payment that they confirm later fails, and says nothing of it.

    Raises:
        PayeeNotFound: there is nobody like that, or they have closed their account.
        SelfPayment: it is `by`.
        TooManyBlocks: see there.
    """
    if blocked_id == by:
        raise SelfPayment
    person = await Person.get_or_none(id=blocked_id, role=Role.CUSTOMER, closed_at__isnull=True)
    if person is None:
        raise PayeeNotFound
    async with decision():
        # The person's own row keeps two blocks at once from passing the number together.
        await Person.filter(id=by).select_for_update(no_key=True).get()
        if await PersonBlock.filter(person_id=by).exclude(blocked_id=blocked_id).count() >= MOST:
            raise TooManyBlocks
        made = PersonBlock(id=new_id(), person_id=by, blocked_id=blocked_id, at=now)
        await PersonBlock.bulk_create([made], ignore_conflicts=True)
    return person


async def unblock(*, by: UUID, blocked_id: UUID) -> None:
    """Takes a block back.

    Raises:
        NotFound: there is none.
    """
    if not await PersonBlock.filter(person_id=by, blocked_id=blocked_id).delete():
        raise NotFound


async def stands_between(payee_id: UUID, *, payer_id: UUID) -> bool:
    """Whether the payee wants nothing from the payer."""
    return await PersonBlock.exists(person_id=payee_id, blocked_id=payer_id)


async def blocked_by(person_id: UUID) -> list[Person]:
    """Whom a person has blocked, the last first."""
    rows = await PersonBlock.filter(person_id=person_id).order_by("-at", "-id")
    people = await Person.in_bulk([row.blocked_id for row in rows], "id")
    return [people[row.blocked_id] for row in rows]
