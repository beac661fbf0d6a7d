"""The ledger when things break: every caller ends with an answer that is true in the books."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from domain import chart, keys, ledger
from domain.decisions import decision, retrying
from domain.ledger import Command, Outcome
from domain.ledger.queue import PostingQueue
from domain.money import MinorUnits
from domain.refusals import Busy, OutcomeUnknown
from models.database import client, connected
from models.movements import Movement, MovementKind, MovementStatus
from models.people import Person
from models.wallets import Account
from realtime import bus
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.migrating import migrate
from tests import factories
from tests.domain.books import assert_sound
from tests.factories import balances, some_key
from tests.gates import Gate, gate_to
from tests.moments import NOON


@dataclass(frozen=True)
class Town:
    """People with a wallet of 10,000 each."""

    people: list[Person]
    wallets: list[Account]

    def payment(self, payer: int, payee: int, amount: int = 1, key: str | None = None) -> Command:
        source, target = self.wallets[payer], self.wallets[payee]
        order = ledger.Order(
            kind=MovementKind.TRANSFER,
            person_id=self.people[payer].id,
            source_id=source.id,
            target_id=target.id,
            amount=MinorUnits(amount),
            currency=source.currency,
        )
        return ledger.pay(order, key=some_key(self.people[payer].id, key), at=NOON)


async def town(size: int) -> Town:
    people = [await factories.person(f"person{number}") for number in range(size)]
    return Town(people, [await factories.wallet(person, holds=10_000) for person in people])


@pytest.mark.usefixtures("database")
async def test_callers_that_give_up_leave_their_commands_to_be_done() -> None:
    here = await town(2)
    commands = [here.payment(0, 1) for _ in range(20)]
    callers = [asyncio.create_task(ledger.post(command)) for command in commands]
    await asyncio.sleep(0)

    for caller in callers[::2]:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    await ledger.settled()

    told = [await keys.answered(c.key.owner_id, c.key.key) for c in commands]
    assert all(movement and movement.status is MovementStatus.COMPLETED for movement in told)
    assert await balances(*here.wallets) == [9_980, 10_020]
    await assert_sound()


async def test_one_key_twenty_times_at_once_in_two_processes_is_done_once(
    database: DatabaseUrls,
) -> None:
    here = await town(2)
    commands = [here.payment(0, 1, 7, key="tea") for _ in range(20)]
    pool = await asyncpg.create_pool(database.application, min_size=1, max_size=2)
    queues = [PostingQueue(client().pool), PostingQueue(pool)]

    answers = await asyncio.gather(
        *(queues[place % 2].post(command) for place, command in enumerate(commands))
    )

    await pool.close()
    assert Counter(a.outcome for a in answers) == {Outcome.DONE: 1, Outcome.REPLAYED: 19}
    assert len({a.movement.id for a in answers if a.movement}) == 1
    assert await balances(*here.wallets) == [9_993, 10_007]
    await assert_sound()


@pytest.mark.usefixtures("database")
async def test_postings_in_batches_and_inside_decisions_never_wait_for_each_other_for_ever() -> (
    None
):
    here = await town(4)
    dice = random.Random(7)

    async def pays(_: int) -> None:
        payer, payee = dice.sample(range(4), 2)
        command = here.payment(payer, payee)
        if dice.random() < 0.5:
            await ledger.post(command)
            return

        async def decides() -> None:
            async with decision() as announce:
                await ledger.post_in(announce, command)
                await Person.filter(id=here.people[payee].id).update(display_name="Busy")

        await retrying(decides)

    await asyncio.gather(*map(pays, range(300)))

    assert sum(await balances(*here.wallets)) == 40_000
    assert await Movement.filter(kind=MovementKind.TRANSFER).count() == 300
    await assert_sound()


@pytest.mark.usefixtures("database")
async def test_a_queue_that_is_full_says_so_and_records_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = await town(2)
    monkeypatch.setattr("domain.ledger.queue.MAX_WAITING", 5)
    commands = [here.payment(0, 1) for _ in range(12)]

    answers = await asyncio.gather(*map(ledger.post, commands), return_exceptions=True)

    refused = [c for c, a in zip(commands, answers, strict=True) if isinstance(a, Busy)]
    assert len(refused) == 7
    assert [await keys.answered(c.key.owner_id, c.key.key) for c in refused] == [None] * 7
    assert await balances(*here.wallets) == [9_995, 10_005]


@pytest.fixture
async def gate(database_urls: DatabaseUrls) -> AsyncIterator[Gate]:
    """A database of the test's own behind a gate, connected through it."""
    async with (
        gate_to(database_urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        try:
            yield gate
        finally:
            bus.install(None)


async def test_answers_lost_after_the_commit_are_found_again_by_key(gate: Gate) -> None:
    here = await town(2)
    commands = [here.payment(0, 1) for _ in range(64)]

    gate.swallow_answers()
    callers = [asyncio.create_task(ledger.post(command)) for command in commands]
    await asyncio.wait_for(gate.swallowed.wait(), 10)
    await gate.cut()
    answers = await asyncio.gather(*callers)

    assert {a.outcome for a in answers} <= {Outcome.DONE, Outcome.REPLAYED}
    assert Outcome.REPLAYED in {a.outcome for a in answers}
    assert await balances(*here.wallets) == [10_000 - 64, 10_000 + 64]
    await assert_sound()


async def test_a_database_that_stays_away_is_an_unknown_outcome_that_the_key_resolves(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await town(2)
    monkeypatch.setattr("domain.ledger.queue.PATIENCE_SECONDS", 0.2)
    command = here.payment(0, 1)

    await gate.shut()
    with pytest.raises(OutcomeUnknown):
        await ledger.post(command)
    await gate.open()

    assert await keys.answered(command.key.owner_id, command.key.key) is None
    assert await balances(*here.wallets) == [10_000, 10_000]
    assert (await ledger.post(command)).outcome is Outcome.DONE
    await assert_sound()


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="upay-killed-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.slow
async def test_postgresql_killed_under_64_callers_leaves_each_with_a_true_answer(
    folder: Path,
) -> None:
    first = EmbeddedPostgres.start(folder / "data")
    await migrate(first.urls.owner, application="upay_app")

    async with (
        gate_to(first.urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        await chart.open_accounts(NOON)
        here = await town(8)
        callers = [asyncio.create_task(_pays_on(here, number)) for number in range(64)]
        await _until_busy(callers)
        os.kill(first.pid, signal.SIGKILL)
        await gate.cut()
        first.stop()
        second = await asyncio.to_thread(EmbeddedPostgres.start, folder / "data")
        gate.lead_to(second.urls.application)
        told = {key: answer for each in await asyncio.gather(*callers) for key, answer in each}

        try:
            for (owner, key), answer in told.items():
                kept = await keys.answered(owner, key)
                assert kept is not None
                assert kept.status is answer
            assert sum(await balances(*here.wallets)) == 80_000
            await assert_sound()
        finally:
            bus.install(None)
            second.stop()


Told = list[tuple[tuple[UUID, str], MovementStatus]]


async def _pays_on(here: Town, number: int, times: int = 12) -> Told:
    """Pays again and again, and keeps asking with the same key until it knows what became of it."""
    dice = random.Random(number)
    told: Told = []
    for _ in range(times):
        payer, payee = dice.sample(range(8), 2)
        command = here.payment(payer, payee, dice.choice([1, 1, 1, 20_000]))
        answer = None
        while answer is None:
            try:
                answer = await ledger.post(command)
            except (Busy, OutcomeUnknown):
                await asyncio.sleep(0.05)
        assert answer.movement is not None
        told.append(((command.key.owner_id, command.key.key), answer.movement.status))
    return told


async def _until_busy(callers: list[asyncio.Task[Told]]) -> None:
    """Returns when the books are being written at full speed, long before the last caller ends."""
    done = 0
    async with asyncio.timeout(10):
        while done < 100:
            done = await Movement.filter(kind=MovementKind.TRANSFER).count()
            assert not any(caller.done() for caller in callers)
