"""Batches: many postings in one round trip, each answered as if it had come in its turn, alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from domain import ledger
from domain.chart import house_account
from domain.decisions import decision, retrying
from domain.ledger import Outcome, queue, wire
from domain.ledger.commands import Line
from domain.refusals import Busy, OutcomeUnknown
from models.database import client, connected
from models.ids import new_id
from models.movements import IdempotencyKey, Movement
from models.quotes import Challenge
from models.streams import StreamEvent
from models.wallets import Account, AccountKind
from realtime import bus
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import books, orders
from tests.factories import balances, some_key
from tests.gates import gate_to
from tests.moments import NOON


async def wallets(*holdings: int) -> list[Account]:
    """One of somebody's own for each sum."""
    return [
        await factories.wallet(await factories.person(f"person{place}"), holds=sum_)
        for place, sum_ in enumerate(holdings)
    ]


async def sent(*commands: ledger.Command) -> list[ledger.Posted]:
    """The answers to one batch."""
    async with client().pool.acquire() as connection:
        return await wire.send(connection, commands)


def outcomes(answers: Sequence[ledger.Posted]) -> list[tuple[Outcome, str | None, int | None]]:
    return [(answer.outcome, answer.code, answer.missing) for answer in answers]


DONE = (Outcome.DONE, None, None)


@pytest.mark.usefixtures("database")
async def test_a_refusal_in_the_middle_is_one_and_what_follows_is_done_without_it() -> None:
    ada, bob, eve = await wallets(100, 0, 0)

    answers = await sent(
        orders.pay(ada, bob, 70),
        orders.pay(ada, bob, 31),  # One too much for what is left.
        orders.pay(bob, eve, 71),  # So this is one too much as well.
        orders.pay(ada, eve, 30),
        orders.pay(bob, eve, 70),
    )

    short = (Outcome.FAILED, "INSUFFICIENT_FUNDS", 1)
    assert outcomes(answers) == [DONE, short, short, DONE, DONE]
    assert await balances(ada, bob, eve) == [0, 0, 100]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_money_that_comes_in_one_command_can_be_spent_by_the_next() -> None:
    ada, bob, eve = await wallets(100, 0, 0)

    early = await sent(orders.pay(bob, eve, 50), orders.pay(ada, bob, 50))
    later = await sent(orders.pay(ada, eve, 50), orders.pay(eve, bob, 50))

    assert outcomes(early) == [(Outcome.FAILED, "INSUFFICIENT_FUNDS", 50), DONE]
    assert outcomes(later) == [DONE, DONE]
    assert await balances(ada, bob, eve) == [0, 100, 0]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_a_stream_numbers_a_batch_in_its_order_failures_included() -> None:
    ada, bob = await wallets(100, 0)
    commands = [orders.pay(ada, bob, amount) for amount in (60, 60, 40)]

    await sent(*commands)

    events = await StreamEvent.filter(stream_id=ada.id, seq__gt=1).order_by("seq")
    assert [(event.seq, event.subject_id, event.status) for event in events] == [
        (2, commands[0].movement_id, "completed"),
        (3, commands[1].movement_id, "failed"),
        (4, commands[2].movement_id, "completed"),
    ]
    heard = await StreamEvent.filter(stream_id=bob.id).order_by("seq")
    assert [event.subject_id for event in heard] == [
        commands[0].movement_id,
        commands[2].movement_id,
    ]


@pytest.mark.usefixtures("database")
async def test_a_batch_of_nothing_but_refusals_moves_nothing_and_is_kept_as_history() -> None:
    ada, bob = await wallets(100, 0)

    answers = await sent(*(orders.pay(ada, bob, 101) for _ in range(128)))

    assert outcomes(answers) == [(Outcome.FAILED, "INSUFFICIENT_FUNDS", 1)] * 128
    assert await balances(ada, bob) == [100, 0]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_a_house_account_in_every_command_of_a_batch_is_kept_continuously() -> None:
    ada, bob = await wallets(1_000, 1_000)
    fees = await Account.get(id=house_account(AccountKind.FEES, "CNY"))
    pairs = [(ada, bob), (bob, ada)] * 32

    answers = await sent(*(orders.pay(*pair, 10, fee=2) for pair in pairs))

    assert outcomes(answers) == [DONE] * 64
    assert await balances(ada, bob, fees) == [1_000 - 64, 1_000 - 64, 128]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_a_failed_payment_uses_its_challenge_and_a_spent_one_records_nothing() -> None:
    ada, bob = await wallets(100, 0)
    proof = await orders.challenge(ada, bob, 101)
    key = some_key()

    def paying(key: ledger.Key, amount: int) -> ledger.Command:
        return ledger.pay(orders.transfer(ada, bob, amount, challenge=proof), key=key, at=NOON)

    failed = await ledger.post(paying(some_key(), 101))
    before = await books.picture()
    spent = await ledger.post(paying(key, 1))

    assert failed.outcome is Outcome.FAILED
    assert (await Challenge.get(id=proof)).used_at == NOON
    assert spent.outcome is Outcome.CHALLENGE_SPENT
    assert await books.picture() == before


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", ["key", "challenge_id", "movement_id"])
async def test_a_batch_that_names_something_twice_is_refused_as_a_whole(name: str) -> None:
    ada, bob = await wallets(100, 0)
    first, second = orders.pay(ada, bob, 1), orders.pay(ada, bob, 1)
    if name == "challenge_id":
        first = replace(first, challenge_id=await orders.challenge(ada, bob, 1))
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await sent(first, replace(second, **{name: getattr(first, name)}))

    assert refused.value.sqlstate == "UP004"
    assert await books.picture() == before


@pytest.mark.usefixtures("database")
async def test_the_queue_keeps_what_shares_a_challenge_for_the_next_batch() -> None:
    ada, bob = await wallets(100, 0)
    proof = await orders.challenge(ada, bob, 1)
    order = orders.transfer(ada, bob, 1, challenge=proof)

    answers = await asyncio.gather(
        *(ledger.post(ledger.pay(order, key=some_key(), at=NOON)) for _ in range(8))
    )

    assert [answer.outcome for answer in answers] == [
        Outcome.DONE,
        *[Outcome.CHALLENGE_SPENT] * 7,
    ]
    assert await balances(ada, bob) == [99, 1]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_opposite_payments_at_once_are_all_done() -> None:
    ada, bob = await wallets(1_000, 1_000)

    for _ in range(10):
        answers = await asyncio.gather(
            *(ledger.post(orders.pay(*pair, 1)) for pair in [(ada, bob), (bob, ada)] * 20)
        )
        assert outcomes(answers) == [DONE] * 40

    assert await balances(ada, bob) == [1_000, 1_000]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_decisions_that_post_twice_in_opposite_orders_are_all_done() -> None:
    ada, bob, eve = await wallets(1_000, 1_000, 1_000)

    async def pay_both(first: tuple[Account, Account], second: tuple[Account, Account]) -> None:
        async with decision() as announce:
            await ledger.post_in(announce, orders.pay(*first, 1))
            await ledger.post_in(announce, orders.pay(*second, 1))

    one_way, other_way = ((ada, bob), (eve, ada)), ((eve, ada), (ada, bob))
    for _ in range(5):
        await asyncio.gather(
            retrying(lambda: pay_both(*one_way)),
            retrying(lambda: pay_both(*other_way)),
            *(ledger.post(orders.pay(bob, eve, 1)) for _ in range(4)),
        )

    assert await balances(ada, bob, eve) == [1_000, 990, 1_010]
    assert await Movement.filter(kind="transfer").count() == 40
    await books.assert_sound()


# What PostgreSQL refuses, what the wire cannot even say, and a bug of our own.
POISONS: Sequence[tuple[dict[str, Any], type[Exception]]] = [
    ({"target_id": new_id()}, asyncpg.ForeignKeyViolationError),
    ({"amount": 0}, asyncpg.CheckViolationError),
    ({"note": "a\x00b"}, asyncpg.CharacterNotInRepertoireError),
    ({"amount": 2**63}, asyncpg.DataError),
    ({"note": "\ud800"}, asyncpg.DataError),
    ({"at": None}, asyncpg.NotNullViolationError),
    ({"kind": None}, AttributeError),
]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("poison", "error"), POISONS)
async def test_a_poisoned_command_breaks_only_its_own_caller(
    poison: dict[str, Any], error: type[Exception]
) -> None:
    ada, bob = await wallets(1_000, 0)
    commands = [orders.pay(ada, bob, 1) for _ in range(16)]
    commands[5] = replace(commands[5], **poison)

    answers = await asyncio.gather(*map(ledger.post, commands), return_exceptions=True)

    broken = answers.pop(5)
    assert isinstance(broken, error)
    assert not isinstance(broken, OutcomeUnknown)
    assert outcomes([answer for answer in answers if isinstance(answer, ledger.Posted)]) == (
        [DONE] * 15
    )
    assert await IdempotencyKey.filter(key=commands[5].key.key).count() == 0
    assert await balances(ada, bob) == [985, 15]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_two_poisoned_commands_break_both_their_callers_and_nobody_else() -> None:
    ada, bob = await wallets(1_000, 0)
    commands = [orders.pay(ada, bob, 1) for _ in range(16)]
    for place in (0, 15):
        commands[place] = replace(commands[place], lines=(Line(ada.id, commands[0].lines[0].side),))

    answers = await asyncio.gather(*map(ledger.post, commands), return_exceptions=True)

    assert [isinstance(answer, ledger.Posted) for answer in answers] == [
        False,
        *[True] * 14,
        False,
    ]
    assert await balances(ada, bob) == [986, 14]
    await books.assert_sound()


async def test_a_database_that_freezes_is_left_in_time_and_what_was_never_sent_was_not_recorded(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No wire breaks and nothing answers: a machine hangs, or a network eats what it carries."""
    monkeypatch.setattr(queue, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(queue, "REST_SECONDS", 0.1)
    monkeypatch.setattr(queue, "MAX_BATCH", 4)

    async with gate_to(database_urls.application) as (gate, url), connected(url, everywhere=True):
        bus.install(bus.MemoryBus())
        ada, bob = await wallets(1_000, 0)
        commands = [orders.pay(ada, bob, 1) for _ in range(10)]
        gate.swallow_answers()
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*map(ledger.post, commands), return_exceptions=True)
        await gate.cut()
        told = [await IdempotencyKey.filter(key=command.key.key).count() for command in commands]
        later = [await ledger.post(command) for command in commands]

        assert [type(answer) for answer in answers] == [*[OutcomeUnknown] * 4, *[Busy] * 6]
        assert told[4:] == [0] * 6
        assert {answer.outcome for answer in later[4:]} == {Outcome.DONE}
        assert await balances(ada, bob) == [990, 10]
        await books.assert_sound()
        bus.install(None)


async def test_connections_killed_after_every_commit_lose_no_answer_and_no_money(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MAX_BATCH", 10)
    ada, bob = await wallets(1_000, 1_000)
    commands = [orders.pay(*pair, 1) for pair in [(ada, bob), (bob, ada)] * 100]
    killer = await asyncpg.connect(database.application)

    paying = asyncio.gather(*map(ledger.post, commands))
    kills, seen = 0, 0
    while not paying.done():
        count = await killer.fetchval("SELECT count(*) FROM movements")
        if count > seen:
            seen = count
            kills += await killer.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE usename = current_user AND datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )
    await killer.close()
    answers = await paying
    await client().pool.expire_connections()  # What follows is read on unhurt ones.

    assert kills > 3
    assert {answer.outcome for answer in answers} <= {Outcome.DONE, Outcome.REPLAYED}
    assert await Movement.filter(kind="transfer", status="completed").count() == 200
    assert await balances(ada, bob) == [1_000, 1_000]
    await books.assert_sound()


@pytest.mark.usefixtures("database")
async def test_a_replay_is_told_again_since_the_first_telling_may_have_been_lost() -> None:
    ada, bob = await wallets(100, 0)
    command = orders.pay(ada, bob, 1)
    await ledger.post(command)

    async with bus.listen(f"stream:{bob.id}") as ear:
        replayed = await ledger.post(command)

        assert replayed.outcome is Outcome.REPLAYED
        assert await ear.heard(0)


@pytest.mark.usefixtures("database")
async def test_a_batch_reads_as_little_from_a_grown_journal_as_from_an_empty_one() -> None:
    """The plans are made while the tables are empty, and go on being used when they are not."""
    ada, bob = await wallets(10_000, 10_000)
    pairs = [(ada, bob), (bob, ada)] * 8

    async with client().pool.acquire() as connection:
        for _ in range(40):
            await wire.send(connection, [orders.pay(*pair, 1) for pair in pairs])
        # In one transaction, in which the counts only grow.
        async with connection.transaction():
            before = await _rows_read(connection)
            await wire.send(connection, [orders.pay(*pair, 1) for pair in pairs])
            after = await _rows_read(connection)

    read = {table: after[table] - before[table] for table in after}
    assert await Movement.filter(kind="transfer").count() == 41 * 16
    assert read["accounts"] <= 15 * 16
    assert read["movements"] <= 4 * 16
    assert read["postings"] <= 4 * 16
    assert read["entries"] == 0
    assert read["idempotency_keys"] == 0


async def _rows_read(connection: asyncpg.Connection) -> dict[str, int]:
    """How many rows of each table this connection has read; what others do is not counted."""
    rows = await connection.fetch(
        "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS read "
        "FROM pg_stat_xact_user_tables"
    )
    return {row["relname"]: row["read"] for row in rows}
