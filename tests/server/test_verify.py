"""`verify` says that books are right when they are, and otherwise which row is not."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest

from domain import chain, ledger, secrets
from models.database import connected
from models.movements import Hold, Movement, MovementStatus
from models.wallets import Account
from realtime import bus
from server.commands import verify
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.keys import SecretKey
from tests import factories
from tests.conftest import KEYRING
from tests.domain import business, orders
from tests.domain.business import TOMORROW, Business
from tests.moments import NOON
from tests.server.chain_damages import TO_THE_CHAIN
from tests.server.damages import GUARDS_GONE, TO_THE_BOOKS, Damage
from tests.server.servers import FRESH, ran, serving

KEYS: Final = tuple(SecretKey(id, value) for id, value in KEYRING.keys.items())
DAMAGES: Final = TO_THE_BOOKS | TO_THE_CHAIN
CHECKS: Final = 34
EVERYTHING_AGAIN: Final = """
    TRUNCATE chain_links, chain_anchors;
    INSERT INTO unsealed (kind, subject_id) SELECT 'posting', id FROM postings
        UNION ALL SELECT 'audit_record', id FROM audit_records;
"""


@pytest.fixture(scope="module")
async def lived(postgres: EmbeddedPostgres) -> AsyncIterator[tuple[str, Business]]:
    """The name of a database in which two days of business were done, and that business."""
    name = f"lived_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(f"CREATE DATABASE {name} TEMPLATE upay STRATEGY file_copy")
    async with (
        connected(postgres.database_urls(name).application, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        secrets.install(KEYRING)
        done = await business.done()
        await ledger.settled()
    bus.install(None)
    yield name, done
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


@pytest.fixture
async def copy(
    postgres: EmbeddedPostgres, lived: tuple[str, Business]
) -> AsyncIterator[DatabaseUrls]:
    """A copy of those books, to be damaged."""
    name = f"copy_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(f"CREATE DATABASE {name} TEMPLATE {lived[0]} STRATEGY file_copy")
    yield postgres.database_urls(name)
    secrets.install(None)
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


async def test_two_days_of_business_are_right(
    copy: DatabaseUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await verify.verified(copy.application, KEYS, now=TOMORROW)

    lines = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in lines] == ["ok    "] * CHECKS
    assert re.fullmatch(r"ok    each posting balances +20 postings +\d+\.\d s", lines[0])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_what_is_damaged_is_named(
    copy: DatabaseUrls,
    lived: tuple[str, Business],
    capsys: pytest.CaptureFixture[str],
    damage: Damage,
) -> None:
    key = await _damaged(copy, damage, lived[1])

    is_right = await verify.verified(copy.application, KEYS, now=TOMORROW)

    said = capsys.readouterr().out
    told = said.partition(f"WRONG {damage.says} ")[2].splitlines()
    assert not is_right
    assert [line.split() for line in told[1:2]] == [["first", "wrong", damage.place, *key.split()]]
    assert [line.split()[0] for line in told[2:4]] == ["expected", "found"]


async def test_every_line_of_the_proof_has_a_damage_that_it_notices(
    copy: DatabaseUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    await verify.verified(copy.application, KEYS, now=TOMORROW)

    said = {line[6:51].strip() for line in capsys.readouterr().out.splitlines()}
    assert said == {damage.says for damage in DAMAGES.values()}


async def test_events_past_their_day_may_be_gone(copy: DatabaseUrls) -> None:
    owner = await asyncpg.connect(copy.owner)
    await owner.execute(
        "DELETE FROM stream_events e WHERE seq < "
        "(SELECT max(seq) FROM stream_events s WHERE s.stream_id = e.stream_id)"
    )
    await owner.close()

    assert not await verify.verified(copy.application, KEYS, now=TOMORROW)
    assert await verify.verified(copy.application, KEYS, now=NOON + timedelta(days=91))


async def test_whoever_writes_everything_anew_is_given_away_by_anchors_kept_elsewhere(
    copy: DatabaseUrls, lived: tuple[str, Business], tmp_path: Path
) -> None:
    exported = tmp_path / "anchors"
    settings = {
        "UPAY_MODE": "test",
        "UPAY_DATA": str(tmp_path / "data"),
        "UPAY_SECRET_KEYS": KEYS[0].text,
        "UPAY_DATABASE_URL": copy.application,
        "UPAY_DATABASE_OWNER_URL": copy.owner,
    }
    printed = ran(tmp_path, "anchors", start=FRESH, **settings)
    exported.write_text(printed.stdout)
    before = ran(tmp_path, "verify", "--anchors", str(exported), **settings)
    owner = await asyncpg.connect(copy.owner)
    await owner.execute(GUARDS_GONE)
    await owner.execute("UPDATE postings SET posted_at = posted_at - interval '1 day'")
    await owner.execute(EVERYTHING_AGAIN)
    await owner.close()
    async with connected(copy.application, everywhere=True), bus.MemoryBus() as memory:
        bus.install(memory)
        await chain.seal(TOMORROW)
        bus.install(None)

    unaided = ran(tmp_path, "verify", start=FRESH, **settings)
    aided = ran(tmp_path, "verify", "--anchors", str(exported), **settings)

    assert printed.returncode == before.returncode == unaided.returncode == 0
    assert "ok    anchors are as exported" in before.stdout
    assert aided.returncode == 1
    assert "first wrong  chain_anchors 2026-03-02" in aided.stdout
    assert f"expected     {printed.stdout.strip()}" in aided.stdout


async def test_a_file_that_holds_no_anchors_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "anchors").write_text("what is this\n")

    refused = ran(tmp_path, "verify", "--anchors", "anchors", UPAY_DATA=str(tmp_path / "data"))

    assert refused.returncode == 1
    assert refused.stderr.startswith("uPay: anchors cannot be read as a list of anchors (")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.slow
async def test_whatever_people_do_the_books_are_right_also_while_they_do_it(
    database: DatabaseUrls,
) -> None:
    wallets = [
        await factories.wallet(await factories.person(name), holds=1_000)
        for name in ("ada", "bob", "eve", "max")
    ]
    people = [asyncio.create_task(_busy(random.Random(seed), wallets)) for seed in range(6)]

    url = database.application
    proofs = [await verify.verified(url, KEYS, now=NOON) for _ in range(3)]
    await asyncio.gather(*people)

    while not (await chain.seal(NOON)).is_all:
        pass
    assert proofs == [True, True, True]
    assert await verify.verified(url, KEYS, now=NOON)
    assert await Movement.all().count() > 400


@pytest.mark.slow
def test_a_server_seals_by_itself_and_is_proved_while_it_runs(folder: Path) -> None:
    with serving(folder) as server:
        beside = ran(folder, "verify")
        while " 0 chain_links" in beside.stdout:
            beside = ran(folder, "verify")
        assert server.process.poll() is None

    assert beside.returncode == 0, beside.stdout
    assert beside.stdout.count("ok ") == CHECKS


async def _damaged(copy: DatabaseUrls, damage: Damage, done: Business) -> str:
    """Does the damage as the owner of the database; returns the key of the row to be named."""
    names = {name: movement.id for name, movement in done.movements.items()}
    owner = await asyncpg.connect(copy.owner)
    await owner.execute(GUARDS_GONE)
    key = await owner.fetchval(damage.sql.format(ada=done.ada.id, bob=done.bob.id, **names))
    await owner.close()
    assert key is not None, "nothing was damaged"
    return str(key)


async def _busy(chance: random.Random, wallets: list[Account]) -> None:
    """Pays, sets aside, pays out, calls back, and seals what the others did."""
    for _ in range(100):
        source, target = chance.sample(wallets, 2)
        amount = chance.randint(1, 300)
        if chance.random() < 0.5:
            await ledger.post(orders.pay(source, target, amount, fee=chance.choice([0, 1])))
        else:
            await _hold(chance, source, target, amount)
        if chance.random() < 0.1:
            await chain.seal(NOON)


async def _hold(chance: random.Random, source: Account, target: Account, amount: int) -> None:
    posted = await ledger.post(orders.hold(source, target, amount))
    assert posted.movement is not None
    held = await Hold.get_or_none(movement_id=posted.movement.id)
    if held is None:
        return
    key = factories.some_key()
    match chance.randrange(3):
        case 0:
            await ledger.post(ledger.capture(posted.movement, held, key=key, at=NOON))
        case 1:
            to = MovementStatus.CANCELLED
            await ledger.post(ledger.release(posted.movement, held, key=key, at=NOON, to=to))
