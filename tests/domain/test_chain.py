"""Whatever is written for ever gets its place in one chain, once, whoever seals and whenever."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import struct
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg
import pytest

from domain import audit, chain, ledger
from domain.chain import FIRST
from domain.decisions import decision
from models.audit import AuditRecord
from models.chain import ChainLink, LinkKind, Unsealed
from models.database import client, connected
from models.ids import new_id
from models.movements import Movement
from models.postings import Entry, Posting
from models.wallets import Account
from server.embedded import binaries
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres, running
from server.migrating import migrate
from tests import factories
from tests.domain import books, business, orders
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")
SQL: Final = Path(__file__).parents[2] / "migrations" / "sql" / "0002_chain.sql"


@pytest.fixture
async def ada() -> Account:
    return await factories.wallet(await factories.person("ada"), holds=1_000)


@pytest.fixture
async def bob() -> Account:
    return await factories.wallet(await factories.person("bob"))


async def test_links_are_numbered_from_one_and_seal_every_posting_and_audit_record(
    ada: Account, bob: Account
) -> None:
    await ledger.post(orders.pay(ada, bob, 10, fee=1))
    await _looked_up(ada)

    sealed = await chain.seal(NOON)

    links = await ChainLink.all().order_by("seq")
    assert sealed == chain.Sealed(links=3)
    assert [link.seq for link in links] == [1, 2, 3]
    postings = sorted([row.id for row in await Posting.all()])
    assert [link.subject_id for link in links] == [*postings, (await AuditRecord.get()).id]
    assert [(link.kind, link.entries) for link in links] == [
        (LinkKind.POSTING, 2),
        (LinkKind.POSTING, 3),
        (LinkKind.AUDIT_RECORD, 0),
    ]
    assert not await Unsealed.exists()


async def test_a_hash_binds_every_column_and_the_hash_before_it(ada: Account, bob: Account) -> None:
    await ledger.post(orders.pay(ada, bob, 10))

    await chain.seal(NOON)

    previous = FIRST
    for link in await ChainLink.all().order_by("seq"):
        content = await _content(link.subject_id)
        moment = int(link.sealed_at.timestamp()) * 1_000_000
        said = previous + struct.pack(">qq", link.seq, moment) + hashlib.sha256(content).digest()
        assert link.hash == hashlib.sha256(said).digest()
        previous = link.hash


async def test_what_commits_late_is_sealed_late_and_leaves_no_gap(
    ada: Account, bob: Account
) -> None:
    eve = await factories.wallet(await factories.person("eve"), holds=100)
    max_ = await factories.wallet(await factories.person("max"))
    await chain.seal(NOON)

    async with decision() as announce:
        late = await ledger.post_in(announce, orders.pay(ada, bob, 10))
        early = await _elsewhere(ledger.post(orders.pay(eve, max_, 10)))
        meanwhile = await _elsewhere(chain.seal(NOON))
    await chain.seal(NOON)

    sealed = [link.subject_id for link in await ChainLink.all().order_by("seq")]
    assert meanwhile.links == 1
    assert [await _movement_of(id) for id in sealed[2:]] == [early.movement, late.movement]


async def test_there_is_one_sealer_at_a_time(
    database: DatabaseUrls, ada: Account, bob: Account
) -> None:
    another = await asyncpg.connect(database.application)
    await another.execute("SELECT pg_advisory_lock($1)", chain._LOCK)

    meanwhile = await chain.seal(NOON)
    await another.execute("SELECT pg_advisory_unlock($1)", chain._LOCK)
    await another.close()

    assert meanwhile == chain.Sealed()
    assert (await chain.seal(NOON)).links == 1


async def test_many_sealers_beside_many_payers_seal_everything_once(
    ada: Account, bob: Account
) -> None:
    paying = [ledger.post(orders.pay(ada, bob, 1)) for _ in range(200)]
    sealing = [chain.seal(NOON) for _ in range(40)]

    await asyncio.gather(*paying, *sealing)
    await chain.seal(NOON)

    links = await ChainLink.all().order_by("seq")
    assert [link.seq for link in links] == list(range(1, 202))
    assert {link.subject_id for link in links} == {row.id for row in await Posting.all()}


async def test_more_than_a_batch_is_sealed_batch_by_batch(ada: Account) -> None:
    owner_id = ada.owner_id
    assert owner_id is not None
    await AuditRecord.bulk_create(
        [
            AuditRecord(id=new_id(), actor_id=owner_id, action="a", reason="why", at=NOON)
            for _ in range(chain.MAX_BATCH)
        ]
    )

    sealed = [await chain.seal(NOON) for _ in range(3)]

    assert sealed == [
        chain.Sealed(links=chain.MAX_BATCH, is_all=False),
        chain.Sealed(links=1),
        chain.Sealed(),
    ]


async def test_what_a_sealer_had_in_hand_when_it_died_is_waiting_again(
    ada: Account, bob: Account
) -> None:
    with pytest.raises(ConnectionResetError):
        await _seal_and_die()

    assert await ChainLink.all().count() == 0
    assert (await chain.seal(NOON)).links == 1


async def test_nonsense_among_what_waits_keeps_nothing_waiting(ada: Account, bob: Account) -> None:
    await chain.seal(NOON)
    [link] = await ChainLink.all()
    await _let_wait("posting", link.subject_id)
    await _let_wait("posting", new_id())
    await _let_wait("nonsense", new_id())
    await ledger.post(orders.pay(ada, bob, 10))
    waiting = await Posting.exclude(id=link.subject_id).get()
    await _let_wait("posting", waiting.id)

    await chain.seal(NOON)

    assert await ChainLink.all().order_by("seq").values_list("subject_id", flat=True) == [
        link.subject_id,
        waiting.id,
    ]
    assert not await Unsealed.exists()


async def test_lag_is_how_long_the_oldest_has_been_waiting(ada: Account, bob: Account) -> None:
    waited = await chain.lag()
    await chain.seal(NOON)

    assert waited > 0
    assert await chain.lag() == 0


async def test_what_was_written_before_there_was_a_chain_is_sealed_as_well(
    database: DatabaseUrls,
) -> None:
    await business.done()
    before = await Posting.all().count() + await AuditRecord.all().count()
    owner = await asyncpg.connect(database.owner)
    await owner.execute("DROP TABLE chain_links, chain_anchors, unsealed")
    await owner.execute("DROP FUNCTION await_seal CASCADE")

    await owner.execute(SQL.read_text("utf-8"))
    await owner.close()
    await migrate(database.owner, application="upay_app")

    assert (await chain.seal(NOON)).links == before


@pytest.mark.slow
async def test_what_waits_when_a_backup_is_made_is_sealed_where_it_is_restored(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    await business.done()
    ada, bob = await Account.filter(kind="wallet", currency="CNY").order_by("opened_at").limit(2)
    await ledger.post(orders.pay(ada, bob, 1))
    backup = tmp_path / "backup"
    await _run("pg_dump", "--format=custom", f"--file={backup}", f"--dbname={database.owner}")

    with _another_postgres() as other:
        await _run("pg_restore", "--no-owner", f"--dbname={other.urls.owner}", str(backup))
        async with connected(other.urls.application, pool_size=2):
            await ledger.post(orders.pay(ada, bob, 2))
            sealed = await chain.seal(business.TOMORROW)
            await books.assert_sound()

    assert sealed.links == 2


@contextmanager
def _another_postgres() -> Iterator[EmbeddedPostgres]:
    """One whose transactions are numbered from the beginning."""
    folder = Path(tempfile.mkdtemp(prefix="upay-tests-"))
    folder.chmod(0o755)
    try:
        with running(folder / "data", durable=False) as server:
            yield server
    finally:
        shutil.rmtree(folder)


async def _run(program: str, *words: str) -> None:
    process = await asyncio.create_subprocess_exec(str(binaries.installed() / program), *words)
    assert await process.wait() == 0


async def _seal_and_die() -> None:
    async with decision():
        await chain.seal(NOON)
        raise ConnectionResetError


async def _elsewhere(work: Coroutine[Any, Any, T]) -> T:
    """As another request does it, which has no part in the decision that is open here."""
    return await asyncio.get_running_loop().create_task(work, context=Context())


async def _let_wait(kind: str, subject_id: UUID) -> None:
    await client().execute_query(
        "INSERT INTO unsealed (kind, subject_id) VALUES ($1, $2)", [kind, subject_id]
    )


async def _looked_up(account: Account) -> None:
    assert account.owner_id is not None
    await audit.record(
        actor_id=account.owner_id, action="look", subject_id=None, reason="why", now=NOON
    )


async def _movement_of(posting_id: UUID) -> Movement:
    posting = await Posting.get(id=posting_id)
    return await Movement.get(id=posting.movement_id)


async def _content(posting_id: UUID) -> bytes:
    """What a posting's link binds, put together as docs/operate/verify.md says."""
    posting = await Posting.get(id=posting_id)
    movement = await Movement.get(id=posting.movement_id)
    entries = await Entry.filter(posting_id=posting_id).order_by("account_id", "version")
    posting_columns = (
        *(posting.id, posting.kind, posting.movement_id, (UUID, posting.hold_id)),
        *((UUID, posting.reverses_id), posting.currency, posting.posted_at),
    )
    movement_columns = (
        *(movement.id, movement.kind, movement.person_id, movement.source_id, movement.target_id),
        *(movement.amount, movement.fee, movement.currency, movement.note, movement.created_at),
    )
    said = _row(posting_columns) + _row(movement_columns)
    for entry in entries:
        said += _row(
            (
                *(entry.account_id, entry.version, entry.posting_id, entry.side),
                *(entry.posted, entry.pending, entry.balance_after),
            )
        )
    return said


def _row(columns: Sequence[object]) -> bytes:
    return struct.pack(">i", len(columns)) + b"".join(map(_column, columns))


def _column(value: object) -> bytes:
    """The number of the type, then the length and the bytes; null has the length -1."""
    match value:
        case (type(), None):
            return struct.pack(">ii", 2950, -1)
        case UUID():
            return struct.pack(">ii", 2950, 16) + value.bytes
        case int():
            return struct.pack(">iiq", 20, 8, value)
        case datetime():
            since = value - datetime(2000, 1, 1, tzinfo=UTC)
            return struct.pack(">iiq", 1184, 8, since // timedelta(microseconds=1))
        case _:
            text = str(value).encode()
            return struct.pack(">ii", 25, len(text)) + text
