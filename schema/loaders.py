"""Rows that many fields of one operation need, read once in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from strawberry.dataloader import DataLoader

from domain.gathering import Gathering
from models import history, seals, sides
from models.database import Client
from models.movements import Movement
from models.seals import Seal
from models.sides import Side


async def _read_sides(database: Client, asked: Sequence[list[UUID]]) -> list[list[Side]]:
    found = await sides.of(database, {id for ids in asked for id in ids})
    return [[found[id] for id in ids] for ids in asked]


# Operations that ask at the same moment share a statement; `id` because any two may go together.
_sides = Gathering(_read_sides, name=id)


async def sides_of(account_ids: Collection[UUID]) -> Mapping[UUID, Side]:
    """Who the sides are that these accounts stand for, in one statement."""
    ids = list(account_ids)
    return dict(zip(ids, await _sides.ask(ids), strict=True))


# Followers of one wallet all ask for the same movement at once.
_visible = Gathering(history.visible, name=id)


async def visible_to(person_id: UUID, movement_id: UUID) -> Movement | None:
    """The movement, if this person asked for it or it reached a wallet of theirs."""
    return await _visible.ask((person_id, movement_id))


async def _read_seals(database: Client, asked: Sequence[list[UUID]]) -> list[list[Seal | None]]:
    found = await seals.of(database, {id for ids in asked for id in ids})
    return [[found.get(id) for id in ids] for ids in asked]


_seals = Gathering(_read_seals, name=id)


async def _load_seals(ids: list[UUID]) -> Sequence[Seal | None]:
    return await _seals.ask(ids)


@dataclass(slots=True)
class Loaders:
    """One operation's loaders; they remember, so they never outlive the operation."""

    seals: DataLoader[UUID, Seal | None] = field(
        default_factory=lambda: DataLoader(load_fn=_load_seals)
    )
    """Of movements, by their ids."""

    def clear(self) -> None:
        """Forgets what was read, so that the next event of a subscription reads anew."""
        self.seals.clear_all()
