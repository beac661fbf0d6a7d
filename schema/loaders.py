"""Rows that many fields of one operation need, read once in one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import cached_property
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

T = TypeVar("T")

Asking: TypeAlias = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, T]]]
"""What there is of these ids, by id."""


def _together(read: Callable[[Client, Collection[UUID]], Awaitable[Mapping[UUID, T]]]) -> Asking[T]:
    """Operations that ask at the same moment share the one statement with which `read` reads."""

    async def read_all(database: Client, asked: Sequence[list[UUID]]) -> list[Mapping[UUID, T]]:
        found = await read(database, {id for ids in asked for id in ids})
        return [{id: found[id] for id in ids if id in found} for ids in asked]

    # Named by `id`, because any two may go together.
    gathering = Gathering(read_all, name=id)

    async def ask(ids: Collection[UUID]) -> Mapping[UUID, T]:
        return await gathering.ask(list(ids))

    return ask


sides_of = _together(sides.of)
"""Who stands on these sides, by account; accounts that follow from movements are there."""

far_ends_of = _together(unclaimed.far_ends)
"""What is seen of movements that wait or waited for a telephone number."""

_seals = _together(seals.of)
_purchases = _together(purchases.of)
_refunds = _together(refund_rows.of_payments)
_tries = _together(refund_rows.of_movements)
_refund_steps = _together(refund_rows.steps_of)
_movements = _together(history.of)
_bank_ends = _together(bank_ends.of)

# Followers of one wallet all ask for the same movement at once.
_visible = Gathering(history.visible, name=id)


async def visible_to(person_id: UUID, movement_id: UUID) -> Movement | None:
    """The movement, if this person asked for it or it reached a wallet of theirs."""
    return await _visible.ask((person_id, movement_id))


def _each(ask: Asking[T]) -> DataLoader[UUID, T]:
    """Loads what every id has."""

    async def load(ids: list[UUID]) -> Sequence[T]:
        found = await ask(ids)
        return [found[id] for id in ids]

    return DataLoader(load_fn=load)


def _each_or_none(ask: Asking[T]) -> DataLoader[UUID, T | None]:
    """Loads what only some ids have."""

    async def load(ids: list[UUID]) -> Sequence[T | None]:
        found = await ask(ids)
        return [found.get(id) for id in ids]

    return DataLoader(load_fn=load)


class Loaders:
    """One operation's loaders, each made when it is first needed.

    They remember, so they never outlive the operation.
    """

    @cached_property
    def seals(self) -> DataLoader[UUID, Seal | None]:
        """Of movements, by their ids."""
        return _each_or_none(_seals)

    @cached_property
    def purchases(self) -> DataLoader[UUID, Purchase]:
        """Of payments to merchants, by the ids of their movements."""
        return _each(_purchases)

    @cached_property
    def refunds(self) -> DataLoader[UUID, list[Refund]]:
        """Of payments, by the ids of their movements."""
        return _each(_refunds)

    @cached_property
    def tries(self) -> DataLoader[UUID, Refund]:
        """The refunds that movements were tries of, by the ids of the movements."""
        return _each(_tries)

    @cached_property
    def refund_steps(self) -> DataLoader[UUID, list[RefundStep]]:
        """Of refunds, by their ids."""
        return _each(_refund_steps)

    @cached_property
    def movements(self) -> DataLoader[UUID, Movement]:
        """By their ids, whoever may see them: for what follows from something that is seen."""
        return _each(_movements)

    @cached_property
    def bank_ends(self) -> DataLoader[UUID, BankEnd | None]:
        """Of top-ups, withdrawals and payouts, by the ids of their movements."""
        return _each_or_none(_bank_ends)

    def clear(self) -> None:
        """Forgets what was read, so that the next event of a subscription reads anew."""
        vars(self).clear()
