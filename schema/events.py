"""What subscriptions carry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.money import Sequence
from schema.movements import Movement, MovementStatus


@strawberry.type(description="A movement came to be, or its status changed.")
class MovementChanged:
    seq: Sequence = strawberry.field(
        description="The number of this event in its stream; keep it to resume after it."
    )
    at: datetime
    status: MovementStatus = strawberry.field(description="What it became at this event.")
    movement: Movement = strawberry.field(description="The movement as it is now.")


@strawberry.type(
    description="What lies after your `after` cannot be replayed: read the present state, then go "
    "on from `head`."
)
class StreamReset:
    head: Sequence = strawberry.field(description="The last event there is.")


@strawberry.type(description="Sent every 15 seconds: everything up to `head` has been delivered.")
class StreamHeartbeat:
    head: Sequence = strawberry.field(description="The last event there is.")


WalletEvent = Annotated[
    MovementChanged | StreamReset | StreamHeartbeat,
    strawberry.union("WalletEvent", description="What a wallet's stream carries."),
]
MovementEvent = Annotated[
    MovementChanged | StreamReset | StreamHeartbeat,
    strawberry.union("MovementEvent", description="What a movement's stream carries."),
]
