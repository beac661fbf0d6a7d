"""Several processes behind one address."""

from __future__ import annotations

import asyncio
import os
import signal
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from server import keys
from server.embedded.postgres import DatabaseUrls
from tests.factories import balances
from tests.server.bookkeeping import crooked_accounts, differences
from tests.server.crowds import Crowd
from tests.server.payers import customer
from tests.server.servers import FRESH, Server, processes_of, ran, serving, started, until
from tests.server.sites import SETTINGS
from tests.services import Valkey, valkey

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(town: Path) -> Iterator[Server]:
    """A server whose requests two processes answer."""
    with (
        valkey() as redis,
        serving(town, UPAY_WORKERS="2", UPAY_REDIS_URL=redis.url) as server,
    ):
        yield server


def test_they_share_one_address_and_end_together(town: Path, pair: Server) -> None:
    answers = [_status(pair) for _ in range(10)]
    workers = _workers(pair)

    pair.signal(signal.SIGINT)
    code = pair.wait()

    assert answers == [200] * 10
    assert len(workers) == 2
    assert code == 0
    until(lambda: processes_of(town) == [])
    assert "Traceback" not in pair.output


def test_one_that_dies_is_replaced(pair: Server) -> None:
    [first, second] = _workers(pair)

    os.kill(first, signal.SIGKILL)
    until(lambda: first not in _workers(pair) and len(_workers(pair)) == 2)

    assert second in _workers(pair)
    assert _status(pair) == 200
    assert f"process {first} ended with -9" in pair.output


async def test_one_that_is_killed_in_the_middle_loses_and_repeats_no_payment(
    folder: Path, database: DatabaseUrls
) -> None:
    await customer("teahouse")
    crowd = await Crowd.gathered(20, 10, payee="teahouse")

    with (
        valkey() as redis,
        serving(folder, start=FRESH, **_live(database, redis)) as server,
    ):
        async with crowd.paying(f"127.0.0.1:{server.port}"):
            [first, second] = _workers(server)
            await crowd.during(50, of=100, act=partial(_kill, first))
            await asyncio.to_thread(until, lambda: len(_workers(server)) == 2)
            await crowd.may_pay(100)
        workers = _workers(server)

    print("asked again:", dict(crowd.repeated))
    assert second in workers
    assert len(crowd.log) == 200
    assert await differences(crowd.log) == []
    assert await crooked_accounts() == []
    assert await balances(*crowd.wallets) == [0] * 20


def test_none_lives_on_when_the_one_that_started_them_is_killed(pair: Server) -> None:
    workers = _workers(pair)

    os.kill(pair.process.pid, signal.SIGKILL)
    pair.process.wait()

    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), seconds=15)


def test_without_redis_they_do_not_start(town: Path) -> None:
    refused = ran(
        town, "serve", UPAY_PORT="0", UPAY_WORKERS="2", UPAY_REDIS_URL="redis://127.0.0.1:1/0"
    )

    assert refused.returncode == 1
    assert "Redis at redis://127.0.0.1:1/0 gave no answer in 5 s" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert processes_of(town) == []


def test_the_jobs_can_be_worked_apart(folder: Path, database_urls: DatabaseUrls) -> None:
    live = {
        "UPAY_MODE": "live",
        "UPAY_SECRET_KEYS": keys.new().text,
        "UPAY_DATABASE_URL": database_urls.application,
        "UPAY_DATABASE_OWNER_URL": database_urls.owner,
    }

    with (
        valkey() as redis,
        started(folder, "work", start=FRESH, **live, UPAY_REDIS_URL=redis.url) as worker,
    ):
        worker.wait_until(lambda: "uPay works its jobs." in worker.output)
        worker.signal(signal.SIGINT)
        code = worker.wait()

    assert code == 0
    assert worker.output.endswith("uPay was stopped.\n")


def test_the_command_line_says_how_many_as_well(town: Path) -> None:
    refused = ran(town, "serve", "--workers", "3")

    assert refused.returncode == 1
    assert "UPAY_WORKERS is 3 and UPAY_REDIS_URL is not set" in refused.stderr
    assert processes_of(town) == []


def _live(urls: DatabaseUrls, redis: Valkey) -> dict[str, str]:
    return {
        **SETTINGS,
        "UPAY_DATABASE_URL": urls.application,
        "UPAY_DATABASE_OWNER_URL": urls.owner,
        "UPAY_REDIS_URL": redis.url,
        "UPAY_WORKERS": "2",
    }


async def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _status(server: Server) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/livez", timeout=10) as answer:
        return int(answer.status)


def _workers(server: Server) -> list[int]:
    """The processes that answer for this one."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return sorted(pid for pid in map(int, children.split()) if _is_worker(pid))


def _is_worker(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
