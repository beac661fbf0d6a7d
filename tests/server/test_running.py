"""A server from its start to its stop, by whatever way it stops."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx2
import pytest

from server import databases, keys
from server.embedded.postgres import DatabaseUrls
from server.stopping import LAST_ANSWERS_SECONDS
from tests.server.servers import FRESH, Server, processes_of, serving, started, until

pytestmark = pytest.mark.slow

TOWN = {
    "ada/CNY": 1_000_000,
    "ada/USD": 10_000,
    "bob/CNY": 50_000,
    "bob/JPY": 5_000,
    "mei/CNY": 0,
}


async def test_the_first_start_fills_the_town_and_ctrl_c_leaves_no_process(folder: Path) -> None:
    with serving(folder, start=FRESH) as server:
        money = await _money(folder)
        told = (folder / "upay-data" / "demo-people.txt").read_text()

        server.signal(signal.SIGINT)
        code = server.wait()

    assert money == TOWN
    assert told in server.output
    assert code == 0
    assert processes_of(folder) == []
    assert server.output.endswith("uPay was stopped.\n")
    assert "Traceback" not in server.output


async def test_the_second_run_finds_the_same_money_and_the_same_people(town: Path) -> None:
    told = (town / "upay-data" / "demo-people.txt").read_text()

    with serving(town) as server:
        money = await _money(town)

    assert money == TOWN
    assert told not in server.output
    assert "demo-people.txt" in server.output
    assert (town / "upay-data" / "demo-people.txt").read_text() == told


async def test_killing_python_alone_or_everything_loses_nothing(town: Path) -> None:
    with serving(town, start=FRESH) as first:
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()

        with serving(town) as second:
            after_python = await _money(town)
            for pid in processes_of(town):
                os.kill(pid, signal.SIGKILL)
            second.process.wait()

        with serving(town) as third:
            after_everything = await _money(town)
            third.signal(signal.SIGINT)
            code = third.wait()

    assert after_python == after_everything == TOWN
    assert code == 0
    assert processes_of(town) == []


@pytest.mark.parametrize("people", [1, 3, 6])
async def test_a_start_that_was_killed_while_filling_the_town_is_completed(
    folder: Path, people: int
) -> None:
    with started(folder) as first:
        first.wait_until(lambda: _database_is_ready(folder))
        await _wait_for_people(folder, people)
        for pid in processes_of(folder):
            os.kill(pid, signal.SIGKILL)
        first.process.wait()
    was_told = (folder / "upay-data" / "demo-people.txt").exists()

    with serving(folder):
        money = await _money(folder)

    assert not was_told
    assert money == TOWN


def test_being_asked_to_stop_while_it_starts_stops_it_as_well(folder: Path) -> None:
    with started(folder) as server:
        server.wait_until(lambda: (folder / "upay-data" / "postgres").exists())
        server.signal(signal.SIGINT)
        code = server.wait()

    assert code == 0
    assert processes_of(folder) == []
    assert "Traceback" not in server.output


def test_whoever_does_not_go_on_keeps_no_server_from_stopping(town: Path) -> None:
    with serving(town) as server, _half_a_request(server):
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        server.signal(signal.SIGTERM)
        code = server.wait()
        took_seconds = time.monotonic() - began

    assert code == 0
    assert took_seconds > LAST_ANSWERS_SECONDS
    assert processes_of(town) == []


def test_a_second_ctrl_c_waits_for_nobody(town: Path) -> None:
    with serving(town) as server, _half_a_request(server):
        began = time.monotonic()
        server.signal(signal.SIGINT)
        until(lambda: not _is_answering(server))
        server.signal(signal.SIGINT)
        code = server.wait()
        took_seconds = time.monotonic() - began

    assert code == 0
    assert took_seconds < LAST_ANSWERS_SECONDS
    assert processes_of(town) == []
    assert "Traceback" not in server.output


def test_a_live_server_runs_on_the_operators_postgresql_and_keeps_nothing_here(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    live = {
        "UPAY_MODE": "live",
        "UPAY_SECRET_KEYS": keys.new().text,
        "UPAY_DATABASE_URL": database_urls.application,
        "UPAY_DATABASE_OWNER_URL": database_urls.owner,
    }

    with serving(folder, start=FRESH, **live) as server:
        ready = httpx2.get(f"http://127.0.0.1:{server.port}/readyz", trust_env=False)
        tray = httpx2.get(f"http://127.0.0.1:{server.port}/dev/mail", trust_env=False)
        server.signal(signal.SIGTERM)
        code = server.wait()

    assert (ready.status_code, tray.status_code) == (200, 404)
    assert code == 0
    assert [path for path in folder.iterdir() if not path.name.startswith("output")] == []
    assert database_urls.application not in server.output


def test_what_is_secret_in_the_data_folder_is_for_its_owner_only(town: Path) -> None:
    data = town / "upay-data"

    modes = {
        name: oct(stat.S_IMODE((data / name).stat().st_mode))
        for name in ("", "keys.json", "demo-people.txt", "simulator-secret")
    }

    assert modes == {
        "": "0o700",
        "keys.json": "0o600",
        "demo-people.txt": "0o600",
        "simulator-secret": "0o600",
    }


@contextmanager
def _half_a_request(server: Server) -> Iterator[None]:
    """A caller who began to say something and does not go on."""
    with socket.create_connection(("127.0.0.1", server.port)) as caller:
        caller.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: upay\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
        )
        # The answer to the first half: from here on it is being waited for.
        assert caller.recv(100).startswith(b"HTTP/1.1 100")
        yield


def _is_answering(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
    except OSError:
        return False
    return True


async def _money(folder: Path) -> dict[str, int]:
    """What is in the town's wallets, in minor units, asked of the running database."""
    connection = await asyncpg.connect(databases.joined(folder / "upay-data").application)
    try:
        rows = await connection.fetch(
            "SELECT account_name || '/' || currency AS wallet, "
            "posted_credits - posted_debits AS balance "
            "FROM accounts JOIN people ON people.id = owner_id"
        )
    finally:
        await connection.close()
    return {row["wallet"]: row["balance"] for row in rows}


async def _wait_for_people(folder: Path, number: int) -> None:
    connection = await asyncpg.connect(databases.joined(folder / "upay-data").owner)
    try:
        while await connection.fetchval("SELECT to_regclass('people') IS NULL"):
            pass
        while await connection.fetchval("SELECT count(*) FROM people") < number:
            pass
    finally:
        await connection.close()


def _database_is_ready(folder: Path) -> bool:
    record = folder / "upay-data" / "postgres" / "data" / "postmaster.pid"
    return record.exists() and "ready" in record.read_text()
