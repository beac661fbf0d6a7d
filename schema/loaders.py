"""Rows that many fields of one operation need, read once in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from strawberry.dataloader import DataLoader

from models.people import Person
from models.wallets import Account


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a movement: its account, and the person behind it unless it is the house's."""

    account: Account
    owner: Person | None


async def _load_sides(ids: list[UUID]) -> Sequence[Side]:
    accounts = {row.id: row for row in await Account.filter(id__in=ids)}
    owner_ids = {row.owner_id for row in accounts.values() if row.owner_id is not None}
    owners = {row.id: row for row in await Person.filter(id__in=owner_ids)} if owner_ids else {}
    return [
        Side(accounts[id], owners.get(owner) if (owner := accounts[id].owner_id) else None)
        for id in ids
    ]


@dataclass(slots=True)
class Loaders:
    """One operation's loaders; they remember, so they never outlive the operation."""

    sides: DataLoader[UUID, Side] = field(default_factory=lambda: DataLoader(load_fn=_load_sides))

    def clear(self) -> None:
        """Forgets what was read, so that the next event of a subscription reads anew."""
        self.sides.clear_all()
