"""What a confirmation reads, and the PIN tried with it: for many at once, each for itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from domain import payees, pins, transfers
from domain.challenges import ChallengeSpent, Proof
from domain.pins import PinLocked, WrongPin
from domain.quotes import IntentChanged
from domain.refusals import NotFound
from domain.transfers import QuoteExpired
from models.database import client
from models.movements import Movement
from models.people import Person, Pin
from models.wallets import Account
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

PIN, WRONG = "246810", "135790"
LATE = NOON + timedelta(minutes=5)


@dataclass(frozen=True)
class Payer:
    person: Person
    wallet: Account

    async def prepares(self, amount: int = 1) -> transfers.Prepared:
        wish = transfers.Wish(
            wallet_id=self.wallet.id,
            payee=payees.Named(account_name="bob"),
            amount=amount,
            currency="CNY",
        )
        return await transfers.prepare(
            wish, by=factories.identity(self.person), address="", now=NOON
        )

    async def confirms(
        self, what: transfers.Prepared, pin: str, key: str | None = None, now: datetime = NOON
    ) -> Movement:
        confirmation = transfers.Confirmation(
            quote_id=what.shown.quote.id,
            challenge_id=what.shown.challenge.id,
            proof=Proof(pin=pin),
            key=key or uuid4().hex,
        )
        return await transfers.confirm(confirmation, by=factories.identity(self.person), now=now)

    async def tries(self) -> tuple[int, int]:
        kept = await Pin.get(person_id=self.person.id)
        return kept.wrong_tries, kept.lockouts


async def payer(name: str) -> Payer:
    person = await factories.person(name)
    await pins.set_pin(person.id, PIN, NOON)
    return Payer(person, await factories.wallet(person, holds=1_000))


@pytest.fixture
async def bob() -> Account:
    return await factories.wallet(await factories.person("bob"))


async def test_many_who_confirm_at_once_each_get_their_own_answer(bob: Account) -> None:
    payers = [await payer(f"payer{number}") for number in range(30)]
    prepared = [await each.prepares(number + 1) for number, each in enumerate(payers)]
    shown = [WRONG if number % 3 == 0 else PIN for number in range(30)]

    answers = await asyncio.gather(
        *(
            each.confirms(what, pin)
            for each, what, pin in zip(payers, prepared, shown, strict=True)
        ),
        return_exceptions=True,
    )

    for number, answer in enumerate(answers):
        if number % 3 == 0:
            assert isinstance(answer, WrongPin)
            assert answer.tries_left == 4
        else:
            assert isinstance(answer, Movement)
            assert (answer.amount, answer.person_id) == (number + 1, payers[number].person.id)
    assert await factories.balances(bob) == [sum(n + 1 for n in range(30) if n % 3)]


async def test_of_guesses_sent_all_at_once_only_five_are_looked_at(bob: Account) -> None:
    ada = await payer("ada")
    prepared = [await ada.prepares() for _ in range(20)]
    guesses = [WRONG] * 19 + [PIN]

    answers = await asyncio.gather(
        *(ada.confirms(what, guess) for what, guess in zip(prepared, guesses, strict=True)),
        return_exceptions=True,
    )

    assert Counter(map(type, answers)) == {WrongPin: 4, PinLocked: 16}
    assert await factories.balances(ada.wallet, bob) == [1_000, 0]


async def test_right_pins_at_once_all_prove_and_use_no_try(bob: Account) -> None:
    ada = await payer("ada")
    prepared = [await ada.prepares() for _ in range(20)]

    await asyncio.gather(*(ada.confirms(what, PIN) for what in prepared))

    assert await ada.tries() == (0, 0)
    assert await factories.balances(ada.wallet, bob) == [980, 20]


async def test_a_right_pin_starts_over_and_once_more_writes_nothing(bob: Account) -> None:
    ada = await payer("ada")
    prepared = [await ada.prepares() for _ in range(3)]
    with pytest.raises(WrongPin):
        await ada.confirms(prepared[0], WRONG)

    await ada.confirms(prepared[0], PIN)
    first = await _version_of_the_row(ada)
    await ada.confirms(prepared[1], PIN)

    assert await ada.tries() == (0, 0)
    assert await _version_of_the_row(ada) == first


async def test_a_pin_is_not_tried_where_nothing_could_be_confirmed(bob: Account) -> None:
    ada, eve = await payer("ada"), await payer("eve")
    done, other = await ada.prepares(), await ada.prepares()
    paid = await ada.confirms(done, PIN, key="tea")

    assert (await ada.confirms(done, WRONG, key="tea")).id == paid.id
    with pytest.raises(ChallengeSpent):
        await ada.confirms(done, WRONG)
    with pytest.raises(QuoteExpired):
        await ada.confirms(other, WRONG, now=LATE)
    with pytest.raises(NotFound):
        await eve.confirms(other, WRONG)
    mixed = replace(other.shown, challenge=done.shown.challenge)
    with pytest.raises(IntentChanged):
        await ada.confirms(replace(other, shown=mixed), WRONG)

    assert await ada.tries() == (0, 0)
    assert await eve.tries() == (0, 0)
    assert await factories.balances(ada.wallet, bob) == [999, 1]


async def _version_of_the_row(someone: Payer) -> object:
    [row] = await client().execute_query_dict(
        "SELECT xmin::text FROM pins WHERE person_id = $1", [someone.person.id]
    )
    return row["xmin"]
