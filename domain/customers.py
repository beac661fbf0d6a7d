"""Customers as agents look at them: each look is on record, with its reason."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import audit, people
from domain.decisions import decision
from domain.refusals import NotFound
from domain.sessions import Identity
from models.movements import Movement
from models.people import Person

LOOK_UP_REFUSALS: Final = (audit.ReasonRequired,)


async def look_up(*, by: Identity, name: str, reason: str, now: datetime) -> Person | None:
    """The customer called that, by account name, verified number or verified e-mail.

    People of the desk are not customers. That somebody looked is recorded, found or not.

    Raises:
        NotFound: whoever asks does not work at the desk.
        ReasonRequired: an agent says why.
    """
    by.require_desk()
    why = audit.reason(reason)
    person = await people.find(name)
    if person is not None and person.role.is_desk:
        person = None
    async with decision():
        await audit.record(
            actor_id=by.person_id,
            action="find_customer",
            subject_id=None if person is None else person.id,
            reason=why,
            now=now,
        )
    return person


async def movement(*, by: Identity, movement_id: UUID, reason: str, now: datetime) -> Movement:
    """Any movement, for an agent who says why. That somebody looked is recorded, found or not.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, or whoever asks does not work at the desk.
    """
    by.require_desk()
    why = audit.reason(reason)
    async with decision():
        await audit.record(
            actor_id=by.person_id,
            action="view_movement",
            subject_id=movement_id,
            reason=why,
            now=now,
        )
    found = await Movement.get_or_none(id=movement_id)
    if found is None:
        raise NotFound
    return found
