"""Rows that many fields of one operation need, read once in one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from domain.gathering import Gathering
from models import bank_ends, history, purchases, seals, sides, unclaimed
from models import refunds as refund_rows
from models.bank_ends import BankEnd
from models.database import Client
from models.movements import Movement
from models.purchases import Purchase
from models.refunds import Refund, RefundStep
from models.seals import Seal
from models.sides import Side
from models.unclaimed import FarEnd

T = TypeVar("T")

Read: TypeAlias = Callable[[Client, Collection[UUID]], Awaitable[Mapping[UUID, T]]]
"""Reads what belongs to each of these ids, all of them, in one statement."""


async def _read_sides(database: Client, asked: Sequence[list[UUID]]) -> list[list[Side]]:
    found = await sides.of(database, {id for ids in asked for id in ids})
    return [[found[id] for id in ids] for ids in asked]


# Operations that ask at the same moment share a statement; `id` because any two may go together.
_sides = Gathering(_read_sides, name=id)


async def sides_of(account_ids: Collection[UUID]) -> Mapping[UUID, Side]:
    """Who the sides are that these accounts stand for, in one statement."""
    ids = list(account_ids)
    return dict(zip(ids, await _sides.ask(ids), strict=True))


async def _read_far_ends(database: Client, asked: Sequence[list[UUID]]) -> list[dict[UUID, FarEnd]]:
    found = await unclaimed.far_ends(database, {id for ids in asked for id in ids})
    return [{id: found[id] for id in ids if id in found} for ids in asked]


_far_ends = Gathering(_read_far_ends, name=id)


async def far_ends_of(movement_ids: Collection[UUID]) -> Mapping[UUID, FarEnd]:
    """What is seen of movements that wait or waited for a telephone number, in one statement."""
    return await _far_ends.ask(list(movement_ids))


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


async def _read_purchases(database: Client, asked: Sequence[list[UUID]]) -> list[list[Purchase]]:
    found = await purchases.of(database, {id for ids in asked for id in ids})
    return [[found[id] for id in ids] for ids in asked]


_purchases = Gathering(_read_purchases, name=id)


async def _load_purchases(ids: list[UUID]) -> Sequence[Purchase]:
    return await _purchases.ask(ids)


async def _read_bank_ends(
    database: Client, asked: Sequence[list[UUID]]
) -> list[list[BankEnd | None]]:
    found = await bank_ends.of(database, {id for ids in asked for id in ids})
    return [[found.get(id) for id in ids] for ids in asked]


_bank_ends = Gathering(_read_bank_ends, name=id)


async def _load_bank_ends(ids: list[UUID]) -> Sequence[BankEnd | None]:
    return await _bank_ends.ask(ids)


def _loading(read: Read[T]) -> Callable[[list[UUID]], Awaitable[Sequence[T]]]:
    """Reads what several operations ask for at the same moment in one statement."""

    async def read_all(database: Client, asked: Sequence[list[UUID]]) -> list[list[T]]:
        found = await read(database, {id for ids in asked for id in ids})
        return [[found[id] for id in ids] for ids in asked]

    gathering = Gathering(read_all, name=id)

    async def load(ids: list[UUID]) -> Sequence[T]:
        return await gathering.ask(ids)

    return load


_load_refunds = _loading(refund_rows.of_payments)
_load_tries = _loading(refund_rows.of_movements)
_load_refund_steps = _loading(refund_rows.steps_of)
_load_movements = _loading(history.of)


@dataclass(slots=True)
class Loaders:
    """One operation's loaders; they remember, so they never outlive the operation."""

    seals: DataLoader[UUID, Seal | None] = field(
        default_factory=lambda: DataLoader(load_fn=_load_seals)
    )
    """Of movements, by their ids."""

    purchases: DataLoader[UUID, Purchase] = field(
        default_factory=lambda: DataLoader(load_fn=_load_purchases)
    )
    """Of payments to merchants, by the ids of their movements."""

    refunds: DataLoader[UUID, list[Refund]] = field(
        default_factory=lambda: DataLoader(load_fn=_load_refunds)
    )
    """Of payments, by the ids of their movements."""

    tries: DataLoader[UUID, Refund] = field(default_factory=lambda: DataLoader(load_fn=_load_tries))
    """The refunds that movements were tries of, by the ids of the movements."""

    refund_steps: DataLoader[UUID, list[RefundStep]] = field(
        default_factory=lambda: DataLoader(load_fn=_load_refund_steps)
    )

    movements: DataLoader[UUID, Movement] = field(
        default_factory=lambda: DataLoader(load_fn=_load_movements)
    )
    """By their ids, whoever may see them: for what follows from something that is seen."""

    bank_ends: DataLoader[UUID, BankEnd | None] = field(
        default_factory=lambda: DataLoader(load_fn=_load_bank_ends)
    )
    """Of top-ups, withdrawals and payouts, by the ids of their movements."""

    def clear(self) -> None:
        """Forgets what was read, so that the next event of a subscription reads anew."""
        self.seals.clear_all()
        self.purchases.clear_all()
        self.bank_ends.clear_all()
        self.refunds.clear_all()
        self.tries.clear_all()
        self.refund_steps.clear_all()
        self.movements.clear_all()
