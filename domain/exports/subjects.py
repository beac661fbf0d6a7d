"""Whom an archive is about, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tortoise.expressions import Q

from models.exports import Export
from models.movements import Movement
from models.people import Person
from models.wallets import Account, AccountKind

Row: TypeAlias = Mapping[str, Any]

_TIMES_WRITTEN: Final = 2
"""Each row stands in the archive as JSON and as CSV."""


@dataclass(slots=True)
class Subject:
    """The person, with their wallets as they were when the archive was begun.

    `told` says which code the person may hear of one that was recorded. Of rows, `rows_written` of
    about `rows_expected` are done: movements are counted, the rest is little beside them.
    """

    person: Person
    wallets: list[Account]
    told: Callable[[str], str]
    rows_expected: int
    rows_written: int = 0

    @classmethod
    async def of(cls, export: Export, told: Callable[[str], str]) -> Subject:
        person = await Person.get(id=export.person_id)
        wallets = await Account.filter(owner_id=person.id, kind=AccountKind.WALLET).order_by("id")
        ids = [wallet.id for wallet in wallets]
        movements = Movement.filter(Q(source_id__in=ids) | Q(target_id__in=ids))
        return cls(person, wallets, told, rows_expected=_TIMES_WRITTEN * await movements.count())
