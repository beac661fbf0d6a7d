"""Finding a movement again: by id, by key, or by following it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

import strawberry

from domain import keys, merchant_keys, streams
from domain.merchants import Scope
from domain.refusals import NotFound
from models import movements as rows
from models.streams import StreamEvent
from models.wallets import Account, AccountKind
from schema import ids
from schema.context import Info
from schema.events import (
    MovementChanged,
    MovementEvent,
    StreamHeartbeat,
    StreamReset,
    WalletEvent,
)
from schema.loaders import visible_to
from schema.money import Sequence
from schema.movements import Movement, MovementStatus, movement
from schema.orders import MerchantId


@strawberry.type
class MovementQueries:
    @strawberry.field(description="A movement you asked for, or that reached you.")
    async def movement(self, info: Info, id: strawberry.ID) -> Movement:
        return await movement(await _visible(info, id), info)

    @strawberry.field(
        description="What one of your idempotency keys was used for, or one of the merchant you "
        'act for: the answer to "did it go through?". Null when the key was never used, and while '
        "a customer whose code it charged is still asked."
    )
    async def movement_by_key(
        self, info: Info, key: strawberry.ID, merchant_id: MerchantId = None
    ) -> Movement | None:
        actor = await info.context.acting_or_self(Scope.READ, merchant_id)
        if actor is None:
            row = await keys.answered(info.context.person.person_id, key)
        else:
            row = await merchant_keys.answered(actor.merchant_id, key)
        return None if row is None else await movement(row, info, actor=actor)


@strawberry.type
class MovementSubscriptions:
    @strawberry.subscription(
        description="What happens to one of your wallets, each event once and in order. With "
        "`after`, everything since that event comes first."
    )
    async def wallet_events(
        self, info: Info, wallet_id: strawberry.ID, after: Sequence | None = None
    ) -> AsyncGenerator[WalletEvent, None]:
        wallet = await Account.get_or_none(
            owner_id=info.context.person.person_id,
            id=ids.parse(wallet_id, ids.Prefix.WALLET),
            kind=AccountKind.WALLET,
        )
        if wallet is None:
            raise NotFound
        async for told in _followed(info, wallet.id, after):
            yield told

    @strawberry.subscription(
        description="What becomes of a movement you can see, each event once and in order."
    )
    async def movement_updated(
        self, info: Info, id: strawberry.ID, after: Sequence | None = None
    ) -> AsyncGenerator[MovementEvent, None]:
        row = await _visible(info, id)
        async for told in _followed(info, row.id, after):
            yield told


async def _visible(info: Info, id: strawberry.ID) -> rows.Movement:
    row = await visible_to(info.context.person.person_id, ids.movement(id))
    if row is None or ids.of_movement(row) != id:
        raise NotFound
    return row


async def _followed(
    info: Info, stream_id: UUID, after: Sequence | None
) -> AsyncGenerator[MovementChanged | StreamReset | StreamHeartbeat, None]:
    context = info.context
    events = streams.follow(
        stream_id, session_id=context.person.session_id, after=after, clock=context.clock
    )
    async with aclosing(events):
        async for told in events:
            match told:
                case streams.Reset(head):
                    yield StreamReset(head=Sequence(head))
                case streams.Heartbeat(head):
                    yield StreamHeartbeat(head=Sequence(head))
                case StreamEvent():
                    context.loaders.clear()
                    yield await _changed(told, info)


async def _changed(event: StreamEvent, info: Info) -> MovementChanged:
    """The event as its viewer sees it: the movement is read again, now and as them."""
    row = await visible_to(info.context.person.person_id, event.subject_id)
    assert row is not None, "a stream carries only what its owner may see"
    return MovementChanged(
        seq=Sequence(event.seq),
        at=event.at,
        status=MovementStatus(rows.MovementStatus(event.status)),
        movement=await movement(row, info),
    )
