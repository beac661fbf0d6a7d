"""Who stands on a side of a movement: an account, and the person or merchant it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.database import Client
from models.wallets import AccountKind

_OF: Final = """
    SELECT a.id, a.kind, coalesce(a.owner_id, a.merchant_id), coalesce(p.display_name, m.name),
           m.id IS NOT NULL, p.closed_at IS NOT NULL
    FROM accounts a
    LEFT JOIN people p ON p.id = a.owner_id LEFT JOIN merchants m ON m.id = a.merchant_id
    WHERE a.id = ANY ($1)
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """A person or a merchant, as far as a movement's other side could come to know them."""

    id: UUID
    display_name: str
    is_merchant: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a movement; without an owner it is the house's."""

    kind: AccountKind
    owner: Owner | None


async def of(database: Client, account_ids: Collection[UUID]) -> dict[UUID, Side]:
    """The sides that these accounts are, in one statement outside of any transaction."""
    rows = await database.pool.fetch(_OF, list(account_ids))
    return {
        id: Side(
            _KINDS[kind], None if owner is None else Owner(owner, name, is_merchant, is_closed)
        )
        for id, kind, owner, name, is_merchant, is_closed in rows
    }


_KINDS: Final = {kind.value: kind for kind in AccountKind}
