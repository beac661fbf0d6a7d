"""What people do with their money: four errands, each shown first and then confirmed."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import uuid4

from domain import (
    ledger,
    limits,
    merchant_codes,
    payees,
    payments,
    pins,
    provider_orders,
    transfers,
    withdrawals,
)
from domain.arrivals import Arrival
from domain.challenges import Proof
from domain.preparing import Shown
from domain.sessions import Identity
from models.bank_accounts import BankAccount
from models.limits import LimitPolicy
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.movements import Movement
from models.orders import Order
from models.people import Person
from models.quotes import Capture
from models.settlements import FeePayer, MerchantFee
from models.wallets import Account
from tests import factories
from tests.domain import orders
from tests.moments import NOON

PIN: Final = "246810"
LEVEL: Final = 1
MIDNIGHT: Final = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
"""When the payer's day ends."""

AMOUNT_MAX: Final = 30_000
ROOM: Final = (0, 0, 1, 500, 20_000)
"""By how much a limit or a balance is more than what the errand takes."""

HOUSE_LIMITS: Final = ("single", "day", "month", "year", "payments_day")


class Errand(StrEnum):
    TRANSFER = "transfer"
    ORDER = "order"
    LASTING_CODE = "lasting code"
    WITHDRAWAL = "withdrawal"


@dataclass(kw_only=True)
class World:
    """ada, whom and what she can pay, and how much she wants to; `now` goes on."""

    errand: Errand
    ada: Person
    wallet: Account
    bob: Person
    bobs: Account
    mei: Person
    shop: Merchant
    order: Order
    code: MerchantCode
    bank: BankAccount
    amount: int
    arrival: Arrival
    now: datetime

    @property
    def by(self) -> Identity:
        return factories.identity(self.ada)

    async def prepares(self) -> Shown:
        prepared = await _PREPARING[self.errand](self)
        return prepared.shown

    async def confirms(self, shown: Shown) -> Movement:
        wish = transfers.Confirmation(
            quote_id=shown.quote.id,
            challenge_id=shown.challenge.id,
            proof=Proof(pin=PIN),
            key=uuid4().hex,
        )
        return await _CONFIRMING[self.errand](wish, by=self.by, now=self.now)

    async def money(self, target: Account) -> tuple[int, int, int]:
        """What ada has, what of it is set aside, and what the other side has."""
        wallet, target = await Account.get(id=self.wallet.id), await Account.get(id=target.id)
        return wallet.balance, wallet.held, target.balance


async def begun(errand: Errand, dice: random.Random) -> World:
    """A world in which the errand can be done, often only just."""
    amount, name = dice.randint(1, AMOUNT_MAX), uuid4().hex[:8]
    ada = await factories.person(f"ada-{name}", level=LEVEL)
    bob, mei = await factories.person(f"bob-{name}"), await factories.person(f"mei-{name}")
    await pins.set_pin(ada.id, PIN, NOON)
    shop = await factories.merchant(mei)
    now = dice.choice([NOON, MIDNIGHT - timedelta(minutes=2)])
    world = World(
        errand=errand,
        ada=ada,
        wallet=await factories.wallet(ada),
        bob=bob,
        bobs=await factories.wallet(bob),
        mei=mei,
        shop=shop,
        order=await factories.order(
            shop,
            amount,
            capture=dice.choice(list(Capture)),
            created_at=now,
            expires_at=now + timedelta(minutes=2),
        ),
        code=await merchant_codes.create(
            merchant_id=shop.id, currency="CNY", store="West Lake", till="2", now=NOON
        ),
        bank=await factories.bank_account(ada),
        amount=amount,
        arrival=dice.choice(list(Arrival)),
        now=now,
    )
    provider_orders.install("bank")
    await _limit(world, dice, await _fund(world, dice))
    return world


async def _fund(world: World, dice: random.Random) -> int:
    """Gives ada money; what the errand takes, and what she spent of it before, in all."""
    fee = dice.choice([0, 0, 7]) if world.errand in {Errand.ORDER, Errand.LASTING_CODE} else 0
    if fee:
        await charges(world, fee)
    spent, held = dice.choice([0, 0, 300]), dice.choice([0, 0, 400])
    needed = world.amount + fee
    await factories.fund(world.wallet, world.ada, needed + spent + held + 1)
    await LimitPolicy.filter(level=LEVEL).update(**dict.fromkeys(HOUSE_LIMITS))
    if spent:
        await spends(world, spent)
    if held:
        await sets_aside(world, held)
    room = dice.choice(ROOM)
    if room > 1:
        await factories.fund(world.wallet, world.ada, room)
    if world.errand is Errand.LASTING_CODE:
        await factories.fund(world.wallet, world.ada, dice.choice([1, 45_000]))
    return needed + spent


async def _limit(world: World, dice: random.Random, needed: int) -> None:
    """Gives the house and ada limits that leave room for what is `needed` in all."""
    house = {name: dice.choice([None, needed + dice.choice(ROOM)]) for name in HOUSE_LIMITS}
    house["payments_day"] = dice.choice([None, 2, 3])
    await LimitPolicy.filter(level=LEVEL, currency="CNY").update(**house)
    # Nobody at this level may pay anything.
    await LimitPolicy.filter(level=0, currency="CNY").update(single=0)
    own = {
        name: dice.choice([None, None, needed + dice.choice(ROOM)])
        for name in ("own_single", "own_day", "own_month")
    }
    await Account.filter(id=world.wallet.id).update(**own)


async def charges(world: World, fee: int) -> None:
    """Whoever pays the shop pays so much on top from now on."""
    await MerchantFee.create(
        id=uuid4(),
        merchant_id=world.shop.id,
        currency="CNY",
        fixed=fee,
        rate=0,
        payer=FeePayer.CUSTOMER,
        since=world.now,
        set_by=world.mei.id,
        set_at=world.now,
    )


async def spends(world: World, amount: int) -> ledger.Posted:
    """A transfer to bob that counts for ada's limits."""
    day = limits.local_day(world.now, world.ada.time_zone)
    spent = orders.transfer(world.wallet, world.bobs, amount, day=day)
    return await ledger.post(ledger.pay(spent, key=factories.some_key(), at=world.now))


async def sets_aside(world: World, amount: int) -> ledger.Posted:
    """A transfer to bob that is still under way."""
    return await ledger.post(orders.hold(world.wallet, world.bobs, amount))


async def _transfer(world: World) -> transfers.Prepared:
    wish = transfers.Wish(
        wallet_id=world.wallet.id,
        payee=payees.Named(account_name=world.bob.account_name),
        amount=world.amount,
        currency="CNY",
        arrival=world.arrival,
    )
    return await transfers.prepare(wish, by=world.by, address="", now=world.now)


async def _order(world: World) -> payments.Prepared:
    wish = payments.Wish(wallet_id=world.wallet.id, order_number=world.order.number)
    return await payments.prepare(wish, by=world.by, address="", now=world.now)


async def _lasting_code(world: World) -> payments.Prepared:
    wish = payments.Wish(
        wallet_id=world.wallet.id,
        code=merchant_codes.write_static(world.code, world.shop, livemode=False),
        amount=world.amount,
        currency="CNY",
    )
    return await payments.prepare(wish, by=world.by, address="", now=world.now)


async def _withdrawal(world: World) -> withdrawals.Prepared:
    wish = withdrawals.Wish(
        wallet_id=world.wallet.id,
        bank_account_id=world.bank.id,
        amount=world.amount,
        currency="CNY",
    )
    return await withdrawals.prepare(wish, by=world.by, address="", now=world.now)


_Prepared = transfers.Prepared | payments.Prepared | withdrawals.Prepared

_PREPARING: Final[dict[Errand, Callable[[World], Awaitable[_Prepared]]]] = {
    Errand.TRANSFER: _transfer,
    Errand.ORDER: _order,
    Errand.LASTING_CODE: _lasting_code,
    Errand.WITHDRAWAL: _withdrawal,
}
_CONFIRMING: Final[dict[Errand, Callable[..., Awaitable[Movement]]]] = {
    Errand.TRANSFER: transfers.confirm,
    Errand.ORDER: payments.confirm,
    Errand.LASTING_CODE: payments.confirm,
    Errand.WITHDRAWAL: withdrawals.confirm,
}
