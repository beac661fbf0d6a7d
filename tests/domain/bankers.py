"""People who add bank accounts, in sessions that have just proved who they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from domain import bank_accounts, provider_orders
from domain.bank_accounts import Owner, Said, Verdict
from domain.sessions import Identity
from models.bank_accounts import BankAccount
from models.people import Person
from tests.domain import registers
from tests.moments import NOON

NUMBER = "DE89370400440532013000"


@contextmanager
def banking() -> Iterator[None]:
    """A provider is connected, who is told nothing."""
    provider_orders.install("simulator")
    yield
    provider_orders.install(None)


def typed(number: str = NUMBER, **changes: Any) -> bank_accounts.Account:
    words: dict[str, Any] = {
        "holder": "Ada Lovelace",
        "number": number,
        "country": "DE",
        "currency": "EUR",
        **changes,
    }
    return bank_accounts.Account(**words)


def card(token: str = "tok_1", **changes: Any) -> bank_accounts.Card:  # noqa: S107 - a word
    words: dict[str, Any] = {
        "holder": "Ada Lovelace",
        "token": token,
        "last_digits": "4242",
        "month": 3,
        "year": 2026,
        "currency": "EUR",
        **changes,
    }
    return bank_accounts.Card(**words)


async def fresh(person: Person) -> Identity:
    """Somebody who signed in with their password a moment ago."""
    return await registers.identity_of(person)


async def added(
    by: Identity,
    wish: bank_accounts.Account | bank_accounts.Card | None = None,
    *,
    now: datetime = NOON,
) -> BankAccount:
    owner = Owner(person_id=by.person_id)
    return await bank_accounts.add(wish or typed(), owner=owner, by=by, now=now)


async def awaiting_an_amount(by: Identity, *, now: datetime = NOON) -> BankAccount:
    """One to which the provider has sent a small amount."""
    account = await added(by, now=now)
    await bank_accounts.learn(account, Said(Verdict.AMOUNT_SENT, tries_left=3), now)
    return await BankAccount.get(id=account.id)


async def guesses(by: Identity, account: BankAccount, amount: int, said: Said) -> BankAccount:
    """The owner says an amount, and the provider what it thinks of that."""
    owner = Owner(person_id=by.person_id)
    tried = await bank_accounts.verify(
        account.id, owner=owner, amount=amount, currency="EUR", now=NOON
    )
    await bank_accounts.learn(tried, said, NOON)
    return await BankAccount.get(id=account.id)
