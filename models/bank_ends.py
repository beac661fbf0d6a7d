"""Which card or bank account movements come from or go to, and whether its provider knows yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.bank_accounts import BankAccount
from models.database import Client

_OF: Final = """
    SELECT o.movement_id, o.told_at IS NOT NULL AS is_told, b AS account
    FROM provider_orders o LEFT JOIN bank_accounts b ON b.id = o.bank_account_id
    WHERE o.movement_id = ANY ($1)
"""


@dataclass(frozen=True, slots=True)
class BankEnd:
    """The far side of one movement; None where only the provider knows which account it is.

    `is_told`: a provider may have heard of the movement.
    """

    account: BankAccount | None
    is_told: bool


async def of(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, BankEnd]:
    """The far sides of those of the movements that have one, in one statement."""
    rows = await database.pool.fetch(_OF, list(movement_ids))
    return {id: BankEnd(_account(account), is_told) for id, is_told, account in rows}


def _account(found: object) -> BankAccount | None:
    return None if found is None else BankAccount._init_from_db(**dict(found))  # type: ignore[call-overload]
