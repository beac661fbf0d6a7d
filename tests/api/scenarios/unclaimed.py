"""How the codes of transfers to telephone numbers that are nobody's yet come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import unclaimed
from models.movements import Movement
from models.people import ContactKind
from tests.api.scenarios.stage import Act, Said, Scenarios, Stage, failure, problem
from tests.api.test_unclaimed import sent, wish
from tests.domain import registers


async def too_many(stage: Stage) -> Act:
    ada = await stage.resident("ada", holds=5_000)
    for number in range(unclaimed.MOST_WAITING):
        await sent(ada, key=f"key-{number}")
    return partial(problem, ada.asker, "prepareTransfer", wish(ada))


async def not_claimable(stage: Stage) -> Act:
    ada, bob = await stage.two()
    transfer_id = await sent(ada)
    await registers.proved(bob.person, ContactKind.PHONE, "+8613800138000")
    stage.clock.advance(hours=24)
    bob = await stage.again(bob)
    words = {"transferId": transfer_id, "walletId": bob.wallet_id, "idempotencyKey": "k"}
    return partial(problem, bob.asker, "claimTransfer", words)


async def nobody_claimed(stage: Stage) -> Act:
    ada = await stage.resident("ada", holds=1_000)
    transfer_id = await sent(ada)
    movement = await Movement.get(id=transfer_id.removeprefix("trf_"))

    async def act() -> Said:
        await unclaimed.return_unclaimed(movement.id, stage.clock() + unclaimed.LIVES)
        return await failure(ada.asker, transfer_id)

    return act


PROBLEMS: Final[Scenarios] = {
    "TOO_MANY_UNCLAIMED": too_many,
    "NOT_CLAIMABLE": not_claimable,
}
FAILURES: Final[Scenarios] = {"UNCLAIMED": nobody_claimed}
