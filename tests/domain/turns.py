"""What others can do between a payer's looking and confirming, and what can meet which errand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain import (
    blocks,
    freezes,
    ledger,
    limits,
    merchant_codes,
    orders,
    payments,
    provider_orders,
)
from domain.money import MAX_MINOR_UNITS
from models.bank_accounts import BankAccount, BankAccountStatus
from models.merchants import Merchant, MerchantStatus
from models.movements import MovementKind
from models.orders import OrderOrigin
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.domain import orders as told
from tests.domain import payers_turns as payers
from tests.domain import shopping
from tests.domain.errands import Errand, World, charges
from tests.domain.payers_turns import Turn, available, close, restrict


async def payee_freezes(world: World, dice: random.Random) -> None:
    await freezes.freeze_own(by=factories.identity(world.bob), now=world.now)


async def payee_is_restricted(world: World, dice: random.Random) -> None:
    await restrict(world.bob, world)


async def payees_wallet_is_emptied_and_closed(world: World, dice: random.Random) -> None:
    bobs = await Account.get(id=world.bobs.id)
    if bobs.available:
        meis = await factories.wallet(world.mei)
        await ledger.post(told.pay(bobs, meis, bobs.available))
    await close(bobs, world.bob, world)


async def payee_leaves(world: World, dice: random.Random) -> None:
    await payees_wallet_is_emptied_and_closed(world, dice)
    if (await Account.get(id=world.bobs.id)).closed_at is not None:
        await Person.filter(id=world.bob.id).update(closed_at=world.now)


async def payee_grows_rich(world: World, dice: random.Random) -> None:
    bobs = await Account.get(id=world.bobs.id)
    most = MAX_MINOR_UNITS - bobs.balance - bobs.pending_credits
    await factories.fund(bobs, world.bob, most - dice.randint(0, world.amount))


async def payee_blocks(world: World, dice: random.Random) -> None:
    await blocks.block(by=world.bob.id, blocked_id=world.ada.id, now=world.now)


async def payer_blocks(world: World, dice: random.Random) -> None:
    await blocks.block(by=world.ada.id, blocked_id=world.bob.id, now=world.now)


async def order_is_paid(world: World, dice: random.Random) -> None:
    await factories.payment(world.order, await _bobs_with_money(world))


async def order_is_closed(world: World, dice: random.Random) -> None:
    await orders.close(world.order.id, merchant_id=world.shop.id, now=world.now)


async def order_is_closed_by_time(world: World, dice: random.Random) -> None:
    world.now += timedelta(minutes=3)
    await orders.expire(world.order.id, world.now)


async def order_is_paid_and_let_go(world: World, dice: random.Random) -> None:
    paid = await factories.payment(world.order, await _bobs_with_money(world))
    if paid.capture_before is not None:
        await payments.void(
            paid.movement_id, merchant_id=world.shop.id, key="let-go", now=world.now
        )


async def merchant_pauses(world: World, dice: random.Random) -> None:
    await Merchant.filter(id=world.shop.id).update(
        status=MerchantStatus.PAUSED, paused_at=world.now
    )


async def another_code_is_paid(world: World, dice: random.Random) -> None:
    some = min(dice.randint(15_000, 45_000), await available(world))
    order = await factories.order(world.shop, some, origin=OrderOrigin.STATIC_CODE)
    paid = told.transfer(
        world.wallet,
        await shopping.account_of(world.shop),
        some,
        day=limits.local_day(world.now, world.ada.time_zone),
    )
    paid = replace(paid, kind=MovementKind.MERCHANT_PAYMENT, order_id=order.id)
    await ledger.post(ledger.pay(paid, key=factories.some_key(), at=world.now))


async def code_is_replaced(world: World, dice: random.Random) -> None:
    await merchant_codes.replace(world.code.id, merchant_id=world.shop.id, now=world.now)


async def bank_account_is_removed(world: World, dice: random.Random) -> None:
    await BankAccount.filter(id=world.bank.id).update(
        status=BankAccountStatus.REMOVED, ended_at=world.now
    )


async def provider_is_gone(world: World, dice: random.Random) -> None:
    provider_orders.install(None)


async def fee_rises(world: World, dice: random.Random) -> None:
    await charges(world, 5_000)


async def _bobs_with_money(world: World) -> Account:
    await factories.fund(world.bobs, world.bob, world.amount)
    return world.bobs


_TO_ANYTHING: Final = (
    payers.nothing,
    payers.time_passes,
    payers.money_arrives,
    payers.money_leaves,
    payers.money_leaves_and_counts,
    payers.money_is_set_aside,
    payers.payer_freezes,
    payers.payer_is_restricted,
    payers.wallet_is_emptied_and_closed,
    payers.level_falls,
    payers.house_limit_falls,
    payers.own_limit_falls,
)
TURNS: Final[Mapping[Errand, tuple[Turn, ...]]] = {
    Errand.TRANSFER: (
        *_TO_ANYTHING,
        payee_freezes,
        payee_is_restricted,
        payees_wallet_is_emptied_and_closed,
        payee_leaves,
        payee_grows_rich,
        payee_blocks,
        payer_blocks,
    ),
    Errand.ORDER: (
        *_TO_ANYTHING,
        order_is_paid,
        order_is_paid_and_let_go,
        order_is_closed,
        order_is_closed_by_time,
        merchant_pauses,
        fee_rises,
    ),
    Errand.LASTING_CODE: (
        *_TO_ANYTHING,
        merchant_pauses,
        another_code_is_paid,
        code_is_replaced,
        fee_rises,
    ),
    Errand.WITHDRAWAL: (*_TO_ANYTHING, bank_account_is_removed, provider_is_gone),
}
"""What can happen to each errand."""

KEPT: Final[Mapping[Turn, str]] = {
    fee_rises: "The fee was shown, so it is the one that is paid.",
    code_is_replaced: "An order was made from the code while it hung there, and stands.",
}
"""What changes for whoever looks from now on, and not for whoever was shown how it was."""

NAMED_OTHERWISE: Final[Mapping[Turn, str]] = {
    payee_leaves: "Nobody goes by that name any more, which cannot be said of a payee once found.",
}
"""Where the code is another, though both say no."""
