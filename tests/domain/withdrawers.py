"""People who take money out: a wallet, a PIN, and a bank account that is theirs for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from domain import pins, withdrawals
from domain.challenges import Proof
from models.bank_accounts import BankAccount
from models.movements import Movement
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.moments import NOON

PIN = "246810"


@dataclass(frozen=True)
class Withdrawer:
    person: Person
    wallet: Account
    account: BankAccount

    async def prepares(
        self, amount: int = 500, *, currency: str = "CNY", now: datetime = NOON
    ) -> withdrawals.Prepared:
        wish = withdrawals.Wish(
            wallet_id=self.wallet.id,
            bank_account_id=self.account.id,
            amount=amount,
            currency=currency,
        )
        by = factories.identity(self.person)
        return await withdrawals.prepare(wish, by=by, address="", now=now)

    async def confirms(
        self, what: withdrawals.Prepared, *, key: str | None = None, now: datetime = NOON
    ) -> Movement:
        wish = withdrawals.Confirmation(
            quote_id=what.shown.quote.id,
            challenge_id=what.shown.challenge.id,
            proof=Proof(pin=PIN),
            key=key or uuid4().hex,
        )
        return await withdrawals.confirm(wish, by=factories.identity(self.person), now=now)

    async def withdraws(self, amount: int = 500) -> Movement:
        return await self.confirms(await self.prepares(amount))

    async def cancels(self, withdrawal: Movement, *, now: datetime = NOON) -> Movement:
        return await withdrawals.cancel(
            by=self.person.id, withdrawal_id=withdrawal.id, key=uuid4().hex, now=now
        )

    async def has(self) -> tuple[int, int]:
        """What may be spent, and what is set aside."""
        now = await Account.get(id=self.wallet.id)
        return now.available, now.held


async def withdrawer(name: str = "ada", *, holds: int = 1_000, **account: Any) -> Withdrawer:
    """Somebody with so many minor units in a wallet."""
    person = await factories.person(name)
    await pins.set_pin(person.id, PIN, NOON)
    wallet = await factories.wallet(person, holds=holds)
    facts = {"token": "acct_1", **account}
    return Withdrawer(person, wallet, await factories.bank_account(person, **facts))
