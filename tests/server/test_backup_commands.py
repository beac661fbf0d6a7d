"""`backup` and `restore` as an operator types them, beside a server that runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from domain import ledger, pins, provider_orders, secrets, sessions, top_ups
from models.database import connected
from models.people import Person
from models.sessions import Audience
from models.wallets import Account, AccountKind
from realtime import bus
from server import databases, keys, town
from tests.domain import orders
from tests.server.servers import FRESH, environment, processes_of, ran, serving, until

pytestmark = pytest.mark.slow

DATA: Final = "upay-data"


async def test_a_town_comes_back_with_its_money_its_people_and_their_pins(
    town: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = town / "elsewhere"
    elsewhere.mkdir()
    with serving(town):
        async with _inside(town):
            moving = asyncio.create_task(_keep_moving())
            kept = await asyncio.to_thread(ran, town, "backup", "town.backup")
            moving.cancel()
            await asyncio.wait([moving])

    restored = await asyncio.to_thread(
        ran, elsewhere, "restore", "../town.backup", "--keys", f"../{DATA}/keys.json"
    )

    assert (kept.returncode, restored.returncode) == (0, 0), kept.stderr + restored.stderr
    assert "WRONG" not in restored.stdout
    assert f"{town / DATA / 'keys.json'} (3 PINs, 3 second factors)" in kept.stdout
    with serving(elsewhere):
        async with _inside(elsewhere):
            await _sign_in_and_prove(await Person.get(account_name="ada"))
            paid = await ledger.post(orders.pay(*await _wallets(), 1))
    assert paid.outcome is ledger.Outcome.DONE


def test_without_the_right_keys_nothing_is_made(town: Path) -> None:
    elsewhere = town / "elsewhere"
    elsewhere.mkdir()
    (town / "other.json").write_text(json.dumps([keys.new("demo-").text]))
    ran(town, "backup", "town.backup")

    without = ran(elsewhere, "restore", "../town.backup")
    wrong = ran(elsewhere, "restore", "../town.backup", "--keys", "../other.json")

    assert (without.returncode, wrong.returncode) == (1, 1)
    assert "name the keys.json of the server it was made of with --keys" in without.stderr
    assert "which is not among the secret keys: bring it from where it is kept" in wrong.stderr
    assert os.listdir(elsewhere) == []


def test_a_town_that_is_there_is_never_restored_over(town: Path) -> None:
    made = ran(town, "backup", "town.backup", start=FRESH)
    (town / "town.backup").rename(town / "kept.backup")

    stopped = ran(town, "restore", "kept.backup")
    with serving(town):
        running = ran(town, "restore", "kept.backup")

    assert made.returncode == 0
    assert (stopped.returncode, running.returncode) == (1, 1)
    assert "is not empty (it holds accounts)" in stopped.stderr
    assert "is using the data folder" in running.stderr


def test_a_restore_that_was_killed_can_be_done_again(town: Path) -> None:
    elsewhere = town / "elsewhere"
    elsewhere.mkdir()
    ran(town, "backup", "town.backup")
    words = ("restore", "../town.backup", "--keys", f"../{DATA}/keys.json")

    first = subprocess.Popen(
        [sys.executable, "-m", "server", *words], cwd=elsewhere, env=environment()
    )
    until(lambda: _is_filling(elsewhere))
    for pid in processes_of(elsewhere):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    first.wait()
    again = ran(elsewhere, *words)

    assert again.returncode == 0, again.stderr
    assert "WRONG" not in again.stdout


def test_where_there_is_nothing_there_is_no_backup(folder: Path) -> None:
    refused = ran(folder, "backup", "nothing.backup")

    assert refused.returncode == 1
    assert "so there is nothing to keep" in refused.stderr
    assert os.listdir(folder) == []


def _is_filling(folder: Path) -> bool:
    record = folder / DATA / "postgres" / "data" / "postmaster.pid"
    return record.exists() and "ready" in record.read_text()


@asynccontextmanager
async def _inside(folder: Path) -> AsyncIterator[None]:
    """As a process of the server that runs in `folder`."""
    urls = databases.joined(folder / DATA)
    async with connected(urls.application, everywhere=True), bus.MemoryBus() as memory:
        bus.install(memory)
        secrets.install(keys.keyring(keys.kept(folder / DATA, mode="demo")))
        provider_orders.install("simulator")
        try:
            yield
        finally:
            provider_orders.install(None)
            secrets.install(None)
            bus.install(None)


async def _keep_moving() -> None:
    """Payments from ada to bob and back, and top-ups that the server takes on."""
    ada, bob = await _wallets()
    for number in range(10_000):
        await ledger.post(orders.pay(ada, bob, 1))
        await ledger.post(orders.pay(bob, ada, 1))
        if number < 5:
            await _top_up(ada, f"top-up-{number}")


async def _top_up(wallet: Account, key: str) -> Any:
    assert wallet.owner_id is not None
    wish = top_ups.Wish(wallet_id=wallet.id, amount=1_000, currency=wallet.currency, key=key)
    return await top_ups.start(wish, by=wallet.owner_id, now=datetime.now(UTC))


async def _wallets() -> tuple[Account, Account]:
    people = {each.id: each.account_name for each in await Person.all()}
    wallets = await Account.filter(currency="CNY", kind=AccountKind.WALLET)
    by_name = {people[each.owner_id]: each for each in wallets if each.owner_id}
    return by_name["ada"], by_name["bob"]


async def _sign_in_and_prove(person: Person) -> None:
    now = datetime.now(UTC)
    await sessions.sign_in(
        name=person.account_name,
        password=town.PASSWORD,
        audience=Audience.PUBLIC,
        client="test",
        now=now,
    )
    await pins.prove(person.id, town.PIN, now)
