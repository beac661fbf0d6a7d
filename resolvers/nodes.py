"""Finding anything by its id; each type asks by its own rule whether it may be seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import strawberry

from domain.merchants import Scope
from domain.refusals import NotFound
from models.bank_accounts import BankAccount as BankAccountRow
from models.merchants import ApiKey as ApiKeyRow
from models.merchants import Merchant as MerchantRow
from models.movements import Movement as MovementRow
from models.people import Person as PersonRow
from models.wallets import Account, AccountKind
from schema import ids
from schema.api_keys import ApiKey
from schema.bank_accounts import BankAccount
from schema.context import Info
from schema.loaders import sides_of, visible_to
from schema.merchants import seen
from schema.movements import movement
from schema.nodes import Node
from schema.people import Person
from schema.wallets import Wallet


@strawberry.type
class NodeQueries:
    @strawberry.field(description="Anything of yours by its id, or of a merchant that you act for.")
    async def node(self, info: Info, id: strawberry.ID) -> Node:
        if info.context.key_holder is None:
            info.context.person  # noqa: B018 - whoever is not signed in learns nothing
        prefix = id.partition("_")[0]
        if prefix not in _FINDERS:
            raise ids.IdUnknown
        node = await _FINDERS[prefix](info, ids.parse(id, ids.Prefix(prefix)))
        # A movement is found by the prefix of another kind as well, but that is not its id.
        if node is None or node.id != id:
            raise NotFound
        return node


async def _person(info: Info, id: UUID) -> Node | None:
    """Only yourself."""
    is_me = id == info.context.person.person_id
    return Person.of(await PersonRow.get(id=id)) if is_me else None


async def _wallet(info: Info, id: UUID) -> Node | None:
    mine = Account.filter(owner_id=info.context.person.person_id, kind=AccountKind.WALLET)
    row = await mine.get_or_none(id=id)
    return None if row is None else Wallet.of(row, info)


async def _movement(info: Info, id: UUID) -> Node | None:
    """One's own, or one on whose sides a merchant stands that whoever asks may read about."""
    if info.context.key_holder is None:
        own = await visible_to(info.context.person.person_id, id)
        if own is not None:
            return await movement(own, info)
    row = await MovementRow.get_or_none(id=id)
    if row is None:
        return None
    sides = (await sides_of({row.source_id, row.target_id})).values()
    merchants = [side.owner.id for side in sides if side.owner and side.owner.is_merchant]
    if not merchants:
        return None
    actor = await info.context.acting(Scope.READ, ids.public(ids.Prefix.MERCHANT, merchants[0]))
    return await movement(row, info, actor=actor)


async def _merchant(info: Info, id: UUID) -> Node | None:
    """Only one that you act for."""
    actor = await info.context.acting(Scope.READ, ids.public(ids.Prefix.MERCHANT, id))
    return await seen(await MerchantRow.get(id=actor.merchant_id), info)


async def _api_key(info: Info, id: UUID) -> Node | None:
    """Only of a merchant that you manage; no key finds another."""
    info.context.person  # noqa: B018 - keys are managed by people
    row = await ApiKeyRow.get_or_none(id=id)
    if row is None:
        return None
    await info.context.acting(Scope.MANAGE, ids.public(ids.Prefix.MERCHANT, row.merchant_id))
    return ApiKey.of(row, info)


async def _bank_account(info: Info, id: UUID) -> Node | None:
    """Only one's own, or of a merchant that one manages; no key finds one."""
    person = info.context.person
    row = await BankAccountRow.get_or_none(id=id)
    if row is None or row.person_id not in {None, person.person_id}:
        return None
    if row.merchant_id is not None:
        await info.context.acting(Scope.MANAGE, ids.public(ids.Prefix.MERCHANT, row.merchant_id))
    return BankAccount.of(row)


_FINDERS: Final[dict[str, Callable[[Info, UUID], Awaitable[Node | None]]]] = {
    ids.Prefix.PERSON: _person,
    ids.Prefix.WALLET: _wallet,
    ids.Prefix.MERCHANT: _merchant,
    ids.Prefix.API_KEY: _api_key,
    ids.Prefix.BANK_ACCOUNT: _bank_account,
    **dict.fromkeys(ids.MOVEMENTS.values(), _movement),
}
