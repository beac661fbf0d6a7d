"""What can happen to a payer between looking and confirming: each thing by its own verb."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

from domain import closings, freezes, ledger, limits, own_limits
from models.freezes import FreezeOwner
from models.limits import LimitPolicy, OwnLimitKind
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.domain import orders
from tests.domain.errands import HOUSE_LIMITS, World, sets_aside, spends

Turn = Callable[[World, random.Random], Awaitable[None]]
"""One thing that happens; how much of it, the dice say."""


async def nothing(world: World, dice: random.Random) -> None:
    pass


async def time_passes(world: World, dice: random.Random) -> None:
    world.now += timedelta(minutes=dice.randint(1, 4))


async def money_arrives(world: World, dice: random.Random) -> None:
    await factories.fund(world.wallet, world.ada, dice.randint(1, 500))


async def money_leaves(world: World, dice: random.Random) -> None:
    some = dice.randint(1, await available(world))
    await ledger.post(orders.pay(world.wallet, world.bobs, some))


async def money_leaves_and_counts(world: World, dice: random.Random) -> None:
    await spends(world, dice.randint(1, await available(world)))


async def money_is_set_aside(world: World, dice: random.Random) -> None:
    await sets_aside(world, dice.randint(1, await available(world)))


async def payer_freezes(world: World, dice: random.Random) -> None:
    await freezes.freeze_own(by=factories.identity(world.ada), now=world.now)


async def payer_is_restricted(world: World, dice: random.Random) -> None:
    await restrict(world.ada, world)


async def wallet_is_emptied_and_closed(world: World, dice: random.Random) -> None:
    await ledger.post(orders.pay(world.wallet, world.bobs, await available(world)))
    await close(world.wallet, world.ada, world)


async def level_falls(world: World, dice: random.Random) -> None:
    await limits.apply_level(world.ada.id, 0)


async def house_limit_falls(world: World, dice: random.Random) -> None:
    limit = dice.choice(HOUSE_LIMITS)
    lower = dice.randint(1, 2) if limit == "payments_day" else dice.randint(1, world.amount)
    await LimitPolicy.filter(level=world.ada.level, currency="CNY").update(**{limit: lower})


async def own_limit_falls(world: World, dice: random.Random) -> None:
    kind = dice.choice(list(OwnLimitKind))
    wallet = await Account.get(id=world.wallet.id)
    limit: int | None = getattr(wallet, own_limits.COLUMNS[kind])
    await own_limits.set_limit(
        by=factories.identity(world.ada),
        wallet_id=wallet.id,
        kind=kind,
        amount=dice.randint(0, world.amount if limit is None else limit),
        currency="CNY",
        now=world.now,
    )


async def available(world: World) -> int:
    """What ada can spend, in minor units."""
    return (await Account.get(id=world.wallet.id)).available


async def restrict(person: Person, world: World) -> None:
    """A rule of the house freezes somebody."""
    await freezes.freeze(
        person_id=person.id, owner=FreezeOwner.RULE, by=None, reason="seen", now=world.now
    )


async def close(wallet: Account, owner: Person, world: World) -> None:
    """Closes a wallet, unless money is under way there."""
    by = factories.identity(owner)
    try:
        await closings.close_wallet(by=by, wallet_id=wallet.id, now=world.now)
    except (closings.WalletInUse, closings.WalletNotEmpty):
        return
