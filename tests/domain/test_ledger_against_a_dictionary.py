"""Any sequence of postings, alone or in batches, says and does what a dictionary would."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain import keys, ledger
from domain.chart import house_account
from domain.decisions import decision
from domain.ledger import wire
from domain.money import MinorUnits
from models.database import Client, connected
from models.ids import new_id
from models.movements import Hold, Movement, MovementStatus
from models.wallets import Account, AccountKind
from realtime import bus
from server.embedded.postgres import EmbeddedPostgres
from tests import factories
from tests.domain import books, orders
from tests.domain.oracle import Answer, Fact, Oracle, Purse, Verb, Wish
from tests.moments import NOON

T = TypeVar("T")
Way = Callable[[Sequence[ledger.Command]], Awaitable[list[ledger.Posted]]]

CURRENCIES: Final = ("JPY", "CNY", "KWD")
PEOPLE: Final = ("ada", "bob", "eve")
HOLDS_LIVE: Final = timedelta(hours=6)


VERBS: Final[Sequence[Verb]] = (
    *("pay", "pay", "pay", "hold", "hold", "capture", "capture", "capture"),
    *("release", "record", "settle", "mark"),
)
ENDS: Final = (MovementStatus.CANCELLED, MovementStatus.FAILED, MovementStatus.UNKNOWN)


class Dice:
    """What chance wants; the machine makes a wish of it that fits the books.

    Thrown from one number, because Hypothesis takes long to choose a dozen things one by one.
    """

    def __init__(self, number: int) -> None:
        chance = random.Random(number)
        self.verb = chance.choice(VERBS)
        self.currency = chance.randrange(3)
        self.payer = chance.randrange(3)
        self.payee = chance.randrange(1, 3)
        self.amount = chance.randint(1, 150)
        self.fee = chance.choice([0, 0, 1, 7])
        self.key = chance.choice([*[""] * 12, "a", "b", "c"])
        self.words = chance.randrange(2)
        self.is_proved = chance.random() < 0.3
        self.pick = chance.randrange(100)
        self.is_final = chance.random() < 0.5
        self.is_whole = chance.random() < 0.5
        self.status = chance.choice(ENDS[:2] if self.verb == "release" else ENDS)


numbers = st.lists(st.integers(0, 2**32), min_size=1, max_size=12)


class Postings(RuleBasedStateMachine):
    """Three people with a wallet in each of three currencies, in a database of their own."""

    postgres: EmbeddedPostgres

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._database = _own_database(self.postgres)
        self._oracle = Oracle()
        self._wallets: list[list[Account]] = []
        self._proofs: list[UUID] = []
        self._now = NOON
        self._client = self._run(self._database.__aenter__())
        self._run(self._open())

    def teardown(self) -> None:
        try:
            self._run(self._database.__aexit__(None, None, None))
        finally:
            self._runner.close()
            super().teardown()

    @rule(numbers=numbers)
    def post_one_by_one(self, numbers: list[int]) -> None:
        wishes = self._wishes(numbers)

        self._do(wishes, self._one_by_one)

    @rule(numbers=numbers)
    def post_at_once(self, numbers: list[int]) -> None:
        wishes = self._wishes(numbers)

        self._do(wishes, self._at_once)

    @rule(numbers=numbers)
    def post_as_one_batch(self, numbers: list[int]) -> None:
        wishes = _naming_nothing_twice(self._wishes(numbers))

        self._do(wishes, self._as_one_batch)

    @rule(numbers=numbers)
    def post_in_a_decision(self, numbers: list[int]) -> None:
        wishes = self._wishes(numbers)

        self._do(wishes, self._in_a_decision)

    @rule(hours=st.integers(1, 4))
    def let_time_pass(self, hours: int) -> None:
        self._now += timedelta(hours=hours)

    @rule(
        currency=st.integers(0, 2),
        whose=st.integers(0, 2),
        freeze=st.sampled_from([0, 0, 0, 1, 2, 3]),
        is_closed=st.sampled_from([False, False, False, True]),
    )
    def freeze_or_close(self, currency: int, whose: int, freeze: int, is_closed: bool) -> None:
        wallet = self._wallets[currency][whose]
        purse = self._oracle.purses[wallet.id]
        purse.freeze, purse.is_closed = freeze, is_closed
        self._run(_set(wallet, freeze, self._now if is_closed else None))

    @rule(currency=st.integers(0, 2), payer=st.integers(0, 2), payee=st.integers(1, 2))
    def prove(self, currency: int, payer: int, payee: int) -> None:
        source, target = self._sides(currency, payer, payee)
        expires_at = self._now + timedelta(hours=5)
        proof = self._run(orders.challenge(source, target, 1, expires_at=expires_at))
        self._oracle.challenges[proof] = expires_at
        self._proofs.append(proof)

    @invariant()
    def the_books_say_what_the_dictionary_says(self) -> None:
        self._run(books.assert_sound())
        assert self._run(_purses()) == {
            account: (purse.posted, purse.held)
            for account, purse in self._oracle.purses.items()
            if purse.has_floor
        }

    async def _open(self) -> None:
        people = [await factories.person(name) for name in PEOPLE]
        for currency in CURRENCIES:
            fees = house_account(AccountKind.FEES, currency)
            clearing = house_account(AccountKind.PROVIDER_CLEARING, currency)
            for house in (fees, clearing):
                self._oracle.purses[house] = Purse(fees=fees, has_floor=False)
            self._wallets.append([])
            for owner in people:
                wallet = await factories.wallet(owner, currency=currency, holds=200)
                self._wallets[-1].append(wallet)
                self._oracle.purses[wallet.id] = Purse(fees=fees, posted=200)

    def _run(self, work: Awaitable[T]) -> T:
        async def patiently() -> T:
            return await work

        return self._runner.run(patiently())

    def _do(self, wishes: Sequence[Wish], way: Way) -> None:
        commands = [self._run(_command(wish)) for wish in wishes]
        answers = self._run(way(commands))
        expected = [self._oracle.answer(wish) for wish in wishes]
        assert [_plain(answer) for answer in answers] == expected

    async def _one_by_one(self, commands: Sequence[ledger.Command]) -> list[ledger.Posted]:
        return [await ledger.post(command) for command in commands]

    async def _at_once(self, commands: Sequence[ledger.Command]) -> list[ledger.Posted]:
        return await asyncio.gather(*(ledger.post(command) for command in commands))

    async def _as_one_batch(self, commands: Sequence[ledger.Command]) -> list[ledger.Posted]:
        async with self._client.pool.acquire() as connection:
            return await wire.send(connection, commands)

    async def _in_a_decision(self, commands: Sequence[ledger.Command]) -> list[ledger.Posted]:
        async with decision() as announce:
            return [await ledger.post_in(announce, command) for command in commands]

    def _wishes(self, numbers: Sequence[int]) -> list[Wish]:
        throws = [Dice(number) for number in numbers]
        return [wish for wish in map(self._wish, throws) if wish is not None]

    def _sides(self, currency: int, payer: int, payee: int) -> tuple[Account, Account]:
        wallets = self._wallets[currency]
        return wallets[payer], wallets[(payer + payee) % 3]

    def _wish(self, throw: Dice) -> Wish | None:
        if throw.verb in {"pay", "hold", "record"}:
            return self._about_something_new(throw)
        return self._about_what_waits(throw)

    def _about_something_new(self, throw: Dice) -> Wish:
        source, target = self._sides(throw.currency, throw.payer, throw.payee)
        is_recorded = throw.verb == "record"
        clearing = house_account(AccountKind.PROVIDER_CLEARING, source.currency)
        proof = self._proofs[throw.pick % len(self._proofs)] if self._proofs else None
        return Wish(
            verb=throw.verb,
            key=_key(throw),
            at=self._now,
            movement_id=new_id(),
            source=clearing if is_recorded else source.id,
            target=target.id,
            amount=throw.amount,
            fee=0 if is_recorded else throw.fee,
            challenge=proof if throw.is_proved and not is_recorded else None,
            expires_at=self._now + HOLDS_LIVE,
        )

    def _about_what_waits(self, throw: Dice) -> Wish | None:
        needs_hold = throw.verb in {"capture", "release"}
        waiting = [
            (movement_id, fact)
            for movement_id, fact in self._oracle.facts.items()
            if not fact.status.is_final and (fact.remaining is not None) == needs_hold
        ]
        if not waiting:
            return None
        movement_id, fact = waiting[throw.pick % len(waiting)]
        wish = Wish(
            verb=throw.verb,
            key=_key(throw),
            at=self._now,
            movement_id=movement_id,
            source=fact.source,
            target=fact.target,
            amount=fact.amount,
            seen=fact,
            status=throw.status,
        )
        return _captured(wish, fact, throw) if throw.verb == "capture" else wish


@pytest.mark.slow
def test_any_sequence_of_postings_does_what_a_dictionary_would(postgres: EmbeddedPostgres) -> None:
    Postings.postgres = postgres

    run_state_machine_as_test(
        Postings,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            # Each try is a database: making a failure small takes longer than reading a large one.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@asynccontextmanager
async def _own_database(postgres: EmbeddedPostgres) -> AsyncIterator[Client]:
    name = f"machine_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    memory = bus.MemoryBus()
    bus.install(memory)
    try:
        await owner.execute(f"CREATE DATABASE {name} TEMPLATE upay STRATEGY file_copy")
        async with connected(postgres.database_urls(name).application, pool_size=3) as client:
            yield client
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        bus.install(None)
        await owner.close()


def _key(throw: Dice) -> tuple[str, int]:
    return (throw.key, throw.words) if throw.key else (new_id().hex, 0)


def _captured(wish: Wish, fact: Fact, throw: Dice) -> Wish:
    """All that remains with its fee, or a part without one."""
    remaining = fact.remaining or 0
    if throw.is_whole or not remaining:
        fee = fact.fee if throw.is_final and remaining > fact.fee else 0
        return replace(wish, amount=remaining, fee=fee, is_final=throw.is_final)
    part = 1 + throw.amount % remaining
    return replace(wish, amount=part, is_final=throw.is_final)


def _naming_nothing_twice(wishes: Sequence[Wish]) -> list[Wish]:
    kept: list[Wish] = []
    named: set[object] = set()
    for wish in wishes:
        names = {wish.key[0], wish.movement_id, wish.challenge or wish.movement_id}
        if named.isdisjoint(names):
            named |= names
            kept.append(wish)
    return kept


async def _command(wish: Wish) -> ledger.Command:
    name, words = wish.key
    key = ledger.Key(owner_id=keys.SYSTEM, key=name, digest=keys.digest("wish", words))
    if not wish.is_made:
        return await _change(wish, key)
    order = await _order(wish)
    match wish.verb:
        case "hold":
            assert wish.expires_at is not None
            made = ledger.hold(order, key=key, at=wish.at, expires_at=wish.expires_at)
        case "record":
            made = ledger.record(order, key=key, at=wish.at)
        case _:
            made = ledger.pay(order, key=key, at=wish.at)
    return replace(made, movement_id=wish.movement_id)


async def _order(wish: Wish) -> ledger.Order:
    source, target = await Account.get(id=wish.source), await Account.get(id=wish.target)
    if wish.verb == "record":
        return orders.top_up(target, wish.amount)
    return orders.transfer(source, target, wish.amount, fee=wish.fee, challenge=wish.challenge)


async def _change(wish: Wish, key: ledger.Key) -> ledger.Command:
    movement = await Movement.get(id=wish.movement_id)
    held = await Hold.get_or_none(movement_id=wish.movement_id)
    code = "PROVIDER_SAID_NO" if wish.status is MovementStatus.FAILED else None
    match wish.verb:
        case "settle":
            return ledger.settle(movement, key=key, at=wish.at)
        case "mark":
            return ledger.mark(movement, wish.status, key=key, at=wish.at, failure_code=code)
    assert held is not None
    if wish.verb == "release":
        return ledger.release(
            movement, held, key=key, at=wish.at, to=wish.status, failure_code=code
        )
    is_part = wish.amount != held.remaining
    return ledger.capture(
        movement,
        held,
        key=key,
        at=wish.at,
        amount=MinorUnits(wish.amount) if is_part or not wish.fee else None,
        is_final=wish.is_final,
        fees_id=house_account(AccountKind.FEES, movement.currency) if wish.fee else None,
    )


async def _set(wallet: Account, freeze: int, closed_at: datetime | None) -> None:
    await Account.filter(id=wallet.id).update(freeze_level=freeze, closed_at=closed_at)


async def _purses() -> dict[UUID, tuple[int, int]]:
    wallets = await Account.filter(kind=AccountKind.WALLET)
    return {wallet.id: (wallet.balance, wallet.held) for wallet in wallets}


def _plain(posted: ledger.Posted) -> Answer:
    movement = posted.movement
    is_replay = posted.outcome in {ledger.Outcome.REPLAYED, ledger.Outcome.KEY_REUSED}
    return Answer(
        outcome=posted.outcome,
        movement_id=None if movement is None else movement.id,
        status=None if is_replay or movement is None else movement.status,
        code=posted.code,
        missing=posted.missing,
    )
