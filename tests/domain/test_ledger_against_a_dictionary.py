"""Any sequence of postings, alone or in batches, says and does what a dictionary would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain import ledger
from domain.chart import house_account
from domain.decisions import decision
from domain.ledger import wire
from domain.limits import policies
from domain.limits.policies import Allowance
from models.database import Client, connected
from models.ids import new_id
from models.wallets import Account, AccountKind
from realtime import bus
from server.embedded.postgres import EmbeddedPostgres
from tests import factories
from tests.domain import books, orders, wishes
from tests.domain.oracle import Oracle, Purse, Wish
from tests.domain.rations import Limits, Ration
from tests.moments import NOON

T = TypeVar("T")
Way = Callable[[Sequence[ledger.Command]], Awaitable[list[ledger.Posted]]]

CURRENCIES: Final = ("JPY", "CNY", "KWD")
PEOPLE: Final = ("ada", "bob", "eve")
HOLDS_LIVE: Final = timedelta(hours=6)
ALLOWANCES: Final = {
    0: Allowance(single=120, day=250, month=400, year=600, payments_per_day=4),
    1: Allowance(day=500, year=900),
}
LIMITS: Final = {
    0: Limits(single=120, payments=4, day=250, month=400, year=600),
    1: Limits(day=500, year=900),
}


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
        self._today = NOON.date()
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
        wanted = self._wishes(numbers)

        self._do(wanted, self._one_by_one)

    @rule(numbers=numbers)
    def post_at_once(self, numbers: list[int]) -> None:
        wanted = self._wishes(numbers)

        self._do(wanted, self._at_once)

    @rule(numbers=numbers)
    def post_as_one_batch(self, numbers: list[int]) -> None:
        wanted = wishes.naming_nothing_twice(self._wishes(numbers))

        self._do(wanted, self._as_one_batch)

    @rule(numbers=numbers)
    def post_in_a_decision(self, numbers: list[int]) -> None:
        wanted = self._wishes(numbers)

        self._do(wanted, self._in_a_decision)

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

    @rule(days=st.sampled_from([1, 1, 1, 20, 31, 365]))
    def turn_the_calendar(self, days: int) -> None:
        self._today += timedelta(days=days)

    @rule(
        currency=st.integers(0, 2),
        whose=st.integers(0, 2),
        level=st.integers(0, 1),
        own=st.tuples(*[st.sampled_from([None, None, 0, 60, 150, 400])] * 3),
    )
    def verify_or_limit(
        self, currency: int, whose: int, level: int, own: tuple[int | None, ...]
    ) -> None:
        wallet = self._wallets[currency][whose]
        single, day, month = own
        limits = replace(LIMITS[level], own_single=single, own_day=day, own_month=month)
        self._oracle.purses[wallet.id].ration.limits = limits
        self._run(_limit(wallet, level, *own))

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
            account: (purse.posted, purse.held, *purse.ration.counters())
            for account, purse in self._oracle.purses.items()
            if purse.has_floor
        }

    async def _open(self) -> None:
        await policies.install(
            {(level, currency): ALLOWANCES[level] for level in LIMITS for currency in CURRENCIES}
        )
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
                ration = Ration(limits=LIMITS[0])
                self._oracle.purses[wallet.id] = Purse(fees=fees, posted=200, ration=ration)

    def _run(self, work: Awaitable[T]) -> T:
        async def patiently() -> T:
            return await work

        return self._runner.run(patiently())

    def _do(self, wanted: Sequence[Wish], way: Way) -> None:
        commands = [self._run(wishes.command_for(wish)) for wish in wanted]
        answers = self._run(way(commands))
        expected = [self._oracle.answer(wish) for wish in wanted]
        assert [wishes.answer_of(answer) for answer in answers] == expected

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
        throws = [wishes.Dice(number) for number in numbers]
        return [wish for wish in map(self._wish, throws) if wish is not None]

    def _sides(self, currency: int, payer: int, payee: int) -> tuple[Account, Account]:
        wallets = self._wallets[currency]
        return wallets[payer], wallets[(payer + payee) % 3]

    def _wish(self, throw: wishes.Dice) -> Wish | None:
        if throw.verb in {"pay", "hold", "record"}:
            return self._about_something_new(throw)
        return self._about_what_waits(throw)

    def _about_something_new(self, throw: wishes.Dice) -> Wish:
        source, target = self._sides(throw.currency, throw.payer, throw.payee)
        is_recorded = throw.verb == "record"
        clearing = house_account(AccountKind.PROVIDER_CLEARING, source.currency)
        proof = self._proofs[throw.pick % len(self._proofs)] if self._proofs else None
        return Wish(
            verb=throw.verb,
            key=wishes.key_of(throw),
            at=self._now,
            movement_id=new_id(),
            source=clearing if is_recorded else source.id,
            target=target.id,
            amount=throw.amount,
            fee=0 if is_recorded else throw.fee,
            day=None if throw.days is None else self._today + timedelta(days=throw.days),
            challenge=proof if throw.is_proved and not is_recorded else None,
            expires_at=self._now + HOLDS_LIVE,
        )

    def _about_what_waits(self, throw: wishes.Dice) -> Wish | None:
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
            key=wishes.key_of(throw),
            at=self._now,
            movement_id=movement_id,
            source=fact.source,
            target=fact.target,
            amount=fact.amount,
            seen=fact,
            status=throw.status,
        )
        return wishes.captured(wish, fact, throw) if throw.verb == "capture" else wish


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


async def _set(wallet: Account, freeze: int, closed_at: datetime | None) -> None:
    await Account.filter(id=wallet.id).update(freeze_level=freeze, closed_at=closed_at)


async def _limit(wallet: Account, level: int, *own: int | None) -> None:
    single, day, month = own
    await Account.filter(id=wallet.id).update(
        level=level, own_single=single, own_day=day, own_month=month
    )


async def _purses() -> dict[UUID, tuple[int, int, date | None, int, int, int, int]]:
    return {
        wallet.id: (
            *(wallet.balance, wallet.held, wallet.spent_on),
            *(wallet.spent_day, wallet.spent_month, wallet.spent_year, wallet.payments_day),
        )
        for wallet in await Account.filter(kind=AccountKind.WALLET)
    }
