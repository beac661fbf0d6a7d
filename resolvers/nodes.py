"""Finding anything by its id; each type asks by its own rule whether it may be seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import strawberry

from domain.refusals import NotFound
from models.people import Person as PersonRow
from models.wallets import Account, AccountKind
from schema import ids
from schema.context import Info
from schema.loaders import visible_to
from schema.movements import movement
from schema.nodes import Node
from schema.people import Person
from schema.wallets import Wallet


@strawberry.type
class NodeQueries:
    @strawberry.field(description="Anything of yours by its id.")
    async def node(self, info: Info, id: strawberry.ID) -> Node:
        viewer_id = info.context.person.person_id
        prefix = id.partition("_")[0]
        if prefix not in _FINDERS:
            raise ids.IdUnknown
        node = await _FINDERS[prefix](info, viewer_id, ids.parse(id, ids.Prefix(prefix)))
        # A movement is found by the prefix of another kind as well, but that is not its id.
        if node is None or node.id != id:
            raise NotFound
        return node


async def _person(_: Info, viewer_id: UUID, id: UUID) -> Node | None:
    """Only yourself."""
    return Person.of(await PersonRow.get(id=id)) if id == viewer_id else None


async def _wallet(info: Info, viewer_id: UUID, id: UUID) -> Node | None:
    row = await Account.get_or_none(id=id, owner_id=viewer_id, kind=AccountKind.WALLET)
    return None if row is None else Wallet.of(row, info)


async def _movement(info: Info, viewer_id: UUID, id: UUID) -> Node | None:
    row = await visible_to(viewer_id, id)
    return None if row is None else await movement(row, info)


_FINDERS: Final[dict[str, Callable[[Info, UUID, UUID], Awaitable[Node | None]]]] = {
    ids.Prefix.PERSON: _person,
    ids.Prefix.WALLET: _wallet,
    **dict.fromkeys(ids.MOVEMENTS.values(), _movement),
}
