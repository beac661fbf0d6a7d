"""Levels of verification: how far a person has proved who they are, and so what may leave."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.decisions import decision
from models.people import Person
from models.wallets import Account

LEVELS: Final = range(4)


async def apply_level(person_id: UUID, level: int) -> None:
    """Gives the person a level, 0 to 3, where postings read it; joins the caller's decision.

    Locks the person's row, then their accounts in id order, as freezes do: a posting is done
    before it, or by the new limits. What was spent stays counted.
    """
    assert level in LEVELS
    async with decision() as announce:
        person = await Person.filter(id=person_id).select_for_update(no_key=True).get()
        person.level = level
        await person.save(update_fields=["level"])
        await Account.filter(owner_id=person_id).order_by("id").select_for_update(no_key=True)
        await Account.filter(owner_id=person_id).update(level=level)
        announce(f"person:{person_id}")
