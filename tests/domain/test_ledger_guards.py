"""The database refuses what would falsify the books, whoever asks and whatever the code says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from domain import ledger
from models.audit import AuditRecord
from models.ids import new_id
from models.movements import MovementStatus
from models.providers import ProviderMessage
from models.wallets import Account
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import books, orders
from tests.factories import some_key
from tests.moments import NOON

INSERT_ONLY: Final = ("postings", "entries", "audit_records", "provider_messages")


@pytest.fixture
async def application(database: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.application)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(database: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.owner)
    yield connection
    await connection.close()


async def two_wallets(currency: str = "CNY") -> tuple[Account, Account]:
    """Ada's, with 100 in it, and bob's."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source = await factories.wallet(ada, currency=currency, holds=100)
    return source, await factories.wallet(bob, currency=currency)


@pytest.mark.parametrize("table", INSERT_ONLY)
@pytest.mark.parametrize(
    "words", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
async def test_the_application_has_no_right_to_rewrite_what_was_written(
    application: asyncpg.Connection, table: str, words: str
) -> None:
    await two_wallets()
    before = await books.picture()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(_rewriting(words, table))

    assert await books.picture() == before


@pytest.mark.parametrize("table", INSERT_ONLY)
@pytest.mark.parametrize("words", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_even_the_owner_cannot_rewrite_what_was_written(
    owner: asyncpg.Connection, table: str, words: str
) -> None:
    await _something_in_every_table()
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await owner.execute(_rewriting(words, table))

    assert refused.value.sqlstate == "UP002"
    assert await books.picture() == before


@pytest.mark.parametrize("table", INSERT_ONLY)
async def test_even_the_owner_cannot_empty_what_was_written(
    owner: asyncpg.Connection, table: str
) -> None:
    await two_wallets()
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await owner.execute(f"TRUNCATE {table} CASCADE")

    assert refused.value.sqlstate == "UP002"
    assert await books.picture() == before


async def test_a_posting_that_does_not_balance_is_refused(application: asyncpg.Connection) -> None:
    source, target = await two_wallets()
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await _journal(application, "CNY", (source.id, "D", 10, 0), (target.id, "C", 9, 0))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


async def test_pending_entries_that_do_not_balance_are_refused(
    application: asyncpg.Connection,
) -> None:
    source, target = await two_wallets()
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await _journal(application, "CNY", (source.id, "D", 10, 5), (target.id, "C", 10, 0))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


async def test_a_posting_between_two_currencies_is_refused(application: asyncpg.Connection) -> None:
    ada = await factories.person("ada")
    yuan = await factories.wallet(ada, currency="CNY", holds=100)
    yen = await factories.wallet(ada, currency="JPY", holds=100)
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await _journal(application, "CNY", (yuan.id, "D", 10, 0), (yen.id, "C", 10, 0))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


@pytest.mark.parametrize("currency", ["JPY", "CNY", "KWD"])
async def test_a_posting_in_another_currency_than_its_accounts_is_refused(
    application: asyncpg.Connection, currency: str
) -> None:
    source, target = await two_wallets("EUR")
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await _journal(application, currency, (source.id, "D", 10, 0), (target.id, "C", 10, 0))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


@pytest.mark.parametrize(
    ("here", "there"), [("JPY", "KWD"), ("KWD", "CNY"), ("CNY", "JPY"), ("JPY", "CNY")]
)
async def test_the_ledger_moves_nothing_between_wallets_of_two_currencies(
    database: DatabaseUrls, here: str, there: str
) -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source = await factories.wallet(ada, currency=here, holds=100)
    target = await factories.wallet(bob, currency=there, holds=100)
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await ledger.post(orders.pay(source, target, 10))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


async def test_a_fee_without_an_account_to_go_to_is_refused(database: DatabaseUrls) -> None:
    source, target = await two_wallets()
    order = replace(orders.transfer(source, target, 10, fee=1), fees_id=None)
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await ledger.post(ledger.pay(order, key=some_key(), at=NOON))

    assert refused.value.sqlstate == "UP003"
    assert await books.picture() == before


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
async def test_a_final_movement_never_changes_again(owner: asyncpg.Connection, end: str) -> None:
    source, target = await two_wallets()
    movement_id = await _ended(source, target, end)
    before = await books.picture()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await owner.execute(
            "UPDATE movements SET status = 'pending', settled_at = NULL, failure_code = NULL "
            "WHERE id = $1",
            movement_id,
        )

    assert refused.value.sqlstate == "UP001"
    assert await books.picture() == before


@pytest.mark.parametrize("counter", ["posted_debits", "pending_debits"])
async def test_a_wallet_never_goes_below_its_floor(
    application: asyncpg.Connection, counter: str
) -> None:
    source, _ = await two_wallets()
    before = await books.picture()

    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await application.execute(
            f"UPDATE accounts SET {counter} = {counter} + 101 WHERE id = $1", source.id
        )

    assert refused.value.constraint_name == "accounts_stay_above_the_floor"
    assert await books.picture() == before


async def test_a_hold_gives_no_more_than_it_holds(application: asyncpg.Connection) -> None:
    source, target = await two_wallets()
    _, held = await orders.placed(source, target, 60)
    before = await books.picture()

    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await application.execute("UPDATE holds SET captured = 61 WHERE id = $1", held.id)

    assert refused.value.constraint_name == "holds_give_no_more_than_they_hold"
    assert await books.picture() == before


async def test_a_key_answers_for_one_movement_only(application: asyncpg.Connection) -> None:
    source, target = await two_wallets()
    command = orders.pay(source, target, 10)
    await ledger.post(command)
    before = await books.picture()

    with pytest.raises(asyncpg.UniqueViolationError):
        await application.execute(
            "INSERT INTO idempotency_keys (owner_id, key, digest, movement_id, created_at) "
            "VALUES ($1, $2, $3, $4, $5)",
            command.key.owner_id,
            command.key.key,
            b"other words",
            command.movement_id,
            NOON,
        )

    assert await books.picture() == before


async def _journal(
    connection: asyncpg.Connection, currency: str, *lines: tuple[UUID, str, int, int]
) -> None:
    """Writes a posting by hand, past the ledger's function and with the application's rights."""
    async with connection.transaction():
        movement_id = await connection.fetchval("SELECT id FROM movements LIMIT 1")
        posting_id = new_id()
        await connection.execute(
            "INSERT INTO postings (id, kind, movement_id, currency, posted_at) "
            "VALUES ($1, 'move', $2, $3, $4)",
            posting_id,
            movement_id,
            currency,
            NOON,
        )
        accounts, sides, posted, pending = zip(*lines, strict=True)
        await connection.execute(
            "INSERT INTO entries (account_id, version, posting_id, side, posted, pending, "
            "balance_after) SELECT l.id, 1000, $1, l.side, l.posted, l.pending, 0 "
            "FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[]) "
            "l (id, side, posted, pending)",
            posting_id,
            accounts,
            sides,
            posted,
            pending,
        )


async def _ended(source: Account, target: Account, end: str) -> UUID:
    if end == "cancelled":
        movement, held = await orders.placed(source, target, 10)
        await ledger.post(
            ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED)
        )
        return movement.id
    command = orders.pay(source, target, 10 if end == "completed" else 1_000)
    await ledger.post(command)
    return command.movement_id


async def _something_in_every_table() -> None:
    source, _ = await two_wallets()
    await AuditRecord.create(
        id=new_id(), actor_id=source.owner_id, action="look", reason="a test", at=NOON
    )
    await ProviderMessage.create(
        id=new_id(), provider="twin", kind="ask", body={"text": "yes"}, received_at=NOON
    )


def _rewriting(words: str, table: str) -> str:
    column = {
        "postings": ("currency", "'EUR'"),
        "entries": ("posted", "posted + 1"),
        "audit_records": ("reason", "'none'"),
        "provider_messages": ("kind", "'submit'"),
    }[table]
    return words.format(table, *column)
