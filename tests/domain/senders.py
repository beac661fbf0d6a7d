"""People who send money to telephone numbers, and people who prove those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from domain import pins, transfers, unclaimed
from domain.challenges import Proof
from domain.payees import Named
from domain.transfers import PreparedToPhone
from models.movements import Movement
from models.people import ContactKind, Person
from models.unclaimed import UnclaimedTransfer
from models.wallets import Account
from tests import factories
from tests.domain import registers
from tests.moments import NOON

PIN = "246810"
PHONE = "+8613800138000"


@dataclass(frozen=True)
class Sender:
    person: Person
    wallet: Account

    async def prepares(
        self, amount: int = 300, phone: str = PHONE, *, now: datetime = NOON, **changes: Any
    ) -> transfers.Prepared | PreparedToPhone:
        wish = transfers.Wish(
            wallet_id=self.wallet.id,
            payee=Named(phone=phone),
            amount=amount,
            currency=self.wallet.currency,
            **changes,
        )
        by = factories.identity(self.person)
        return await transfers.prepare_to_phone(wish, by=by, address="", now=now)

    async def confirms(
        self, what: transfers.Prepared | PreparedToPhone, *, now: datetime = NOON
    ) -> Movement:
        wish = transfers.Confirmation(
            quote_id=what.shown.quote.id,
            challenge_id=what.shown.challenge.id,
            proof=Proof(pin=PIN),
            key=uuid4().hex,
        )
        return await transfers.confirm(wish, by=factories.identity(self.person), now=now)

    async def sends(self, amount: int = 300, phone: str = PHONE, **changes: Any) -> Movement:
        return await self.confirms(await self.prepares(amount, phone, **changes))

    async def cancels(self, transfer: Movement, *, now: datetime = NOON) -> Movement:
        return await transfers.cancel(
            by=self.person.id, transfer_id=transfer.id, key=uuid4().hex, now=now
        )

    async def has(self) -> tuple[int, int]:
        """What may be spent, and what is set aside."""
        now = await Account.get(id=self.wallet.id)
        return now.available, now.held


async def sender(name: str = "ada", *, holds: int = 1_000) -> Sender:
    """Somebody with a PIN and so many minor units in a wallet."""
    person = await factories.person(name)
    await pins.set_pin(person.id, PIN, NOON)
    return Sender(person, await factories.wallet(person, holds=holds))


@dataclass(frozen=True)
class Claimer:
    person: Person
    wallet: Account

    async def claims(
        self, transfer: Movement, *, key: str | None = None, now: datetime = NOON
    ) -> Movement:
        return await unclaimed.claim(
            by=self.person.id,
            transfer_id=transfer.id,
            wallet_id=self.wallet.id,
            key=key or uuid4().hex,
            now=now,
        )

    async def has(self) -> int:
        return (await Account.get(id=self.wallet.id)).available


async def claimer(name: str = "bob", phone: str = PHONE) -> Claimer:
    """Somebody who has proved a telephone number, and has an empty wallet."""
    person = await factories.person(name)
    await registers.proved(person, ContactKind.PHONE, phone)
    return Claimer(person, await factories.wallet(person))


async def row_of(transfer: Movement) -> UnclaimedTransfer:
    return await UnclaimedTransfer.get(movement_id=transfer.id)
