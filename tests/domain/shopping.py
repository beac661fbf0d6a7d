"""A tea house that takes payments, and customers who pay it with their PIN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain import payments, pins
from domain.challenges import Proof
from models.merchants import Merchant
from models.movements import Movement
from models.orders import Order
from models.payments import Payment
from models.people import Person
from models.quotes import Capture
from models.wallets import Account
from tests import factories
from tests.moments import NOON

PIN = "246810"
TOMORROW = NOON + timedelta(days=1)
OVER = NOON + payments.AUTHORIZED_FOR
"""When what was authorised at noon goes back by itself."""


@dataclass(frozen=True)
class Customer:
    person: Person
    wallet: Account

    async def prepares(self, order: Order, now: datetime = NOON) -> payments.Prepared:
        wish = payments.Wish(wallet_id=self.wallet.id, order_number=order.number)
        by = factories.identity(self.person)
        return await payments.prepare(wish, by=by, address="", now=now)

    async def confirms(
        self, prepared: payments.Prepared, now: datetime = NOON, key: str | None = None
    ) -> Movement:
        confirmation = payments.Confirmation(
            quote_id=prepared.shown.quote.id,
            challenge_id=prepared.shown.challenge.id,
            proof=Proof(pin=PIN),
            key=key or uuid4().hex,
        )
        return await payments.confirm(confirmation, by=factories.identity(self.person), now=now)

    async def pays(self, order: Order, now: datetime = NOON) -> Movement:
        return await self.confirms(await self.prepares(order, now), now)


async def customer(name: str, holds: int = 10_000) -> Customer:
    """Somebody with a PIN and money."""
    person = await factories.person(name)
    await pins.set_pin(person.id, PIN, NOON)
    return Customer(person, await factories.wallet(person, holds=holds))


async def shop(name: str = "Tea House") -> Merchant:
    """A merchant that takes payments, and whose owner mei is no customer of it."""
    return await factories.merchant(await factories.person("mei"), name)


async def payment_of(movement: Movement) -> Payment:
    """The payment as it is now."""
    return await Payment.get(movement_id=movement.id)


async def account_of(merchant: Merchant) -> Account:
    """What uPay owes the merchant."""
    return await Account.get(merchant_id=merchant.id, currency="CNY")


@dataclass(frozen=True)
class Deal:
    """1000 that ada authorised for the tea house."""

    shop: Merchant
    ada: Customer
    order: Order
    id: UUID

    async def captures(
        self,
        amount: int | None = None,
        *,
        is_final: bool = True,
        key: str | None = None,
        now: datetime = TOMORROW,
    ) -> Movement:
        return await payments.capture(
            self.id,
            merchant_id=self.shop.id,
            amount=amount,
            currency=None if amount is None else "CNY",
            is_final=is_final,
            key=key or uuid4().hex,
            now=now,
        )

    async def voids(self, *, key: str | None = None, now: datetime = TOMORROW) -> Movement:
        return await payments.void(
            self.id,
            merchant_id=self.shop.id,
            key=key or uuid4().hex,
            now=now,
        )

    async def sums(self) -> tuple[int, int, int]:
        """Authorised, captured, voided."""
        row = await Payment.get(movement_id=self.id)
        return row.authorized, row.captured, row.voided

    async def state(self) -> payments.State:
        row = await Payment.get(movement_id=self.id)
        return payments.state(await row.movement(), row)

    async def money(self) -> tuple[int, int, int]:
        """What ada has, what of it is set aside, and what the tea house is owed."""
        wallet = await Account.get(id=self.ada.wallet.id)
        return wallet.balance, wallet.held, (await account_of(self.shop)).balance


async def deal() -> Deal:
    tea, ada = await shop(), await customer("ada")
    order = await factories.order(tea, 1_000, capture=Capture.LATER)
    movement = await ada.pays(order)
    return Deal(tea, ada, order, movement.id)
