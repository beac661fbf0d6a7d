"""Who stands on a side of a movement: an account, and the person it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.database import Client
from models.people import Role
from models.wallets import AccountKind

_OF: Final = """
    SELECT a.id, a.kind, a.owner_id, p.display_name, p.role, p.closed_at IS NOT NULL
    FROM accounts a LEFT JOIN people p ON p.id = a.owner_id WHERE a.id = ANY ($1)
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """A person, as far as a movement's other side could come to know them."""

    id: UUID
    display_name: str
    role: Role
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
            _KINDS[kind], None if owner is None else Owner(owner, name, _ROLES[role], is_closed)
        )
        for id, kind, owner, name, role, is_closed in rows
    }


_KINDS: Final = {kind.value: kind for kind in AccountKind}
_ROLES: Final = {role.value: role for role in Role}
