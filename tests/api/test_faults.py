"""What callers are told when something breaks under them, and what is true in the books then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest
from starlette.applications import Starlette

from domain import ledger, secrets
from models.database import connected
from realtime import bus
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from tests.api.clients import roomy, served
from tests.api.conftest import PIN, Moving, settle
from tests.api.test_transfers import CONFIRM, confirm, prepared
from tests.conftest import KEYRING
from tests.factories import balances
from tests.gates import Gate, gate_to
from tests.moments import Clock

BY_KEY = "query ($key: ID!) { movementByKey(key: $key) { status } }"


async def test_a_client_that_hangs_up_during_a_confirm_finds_the_truth_by_its_key(
    app: Starlette, database: DatabaseUrls, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    words = {
        **await prepared(ada, "bob", 250),
        "proof": {"pin": PIN},
        "idempotencyKey": "cut",
    }
    other = await asyncpg.connect(database.owner)

    async with served(app) as address:
        async with other.transaction():
            await other.execute("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", ada.wallet.id)
            wire = await _asked(address, ada.tokens.access, words)
            await _until_somebody_waits(other)
            wire.transport.abort()
        await ledger.settled()

    await other.close()
    assert await balances(ada.wallet, bob.wallet) == [750, 250]
    assert await ada.asker.data(BY_KEY, key="cut") == {"status": "COMPLETED"}


@pytest.fixture
async def gate(database_urls: DatabaseUrls) -> AsyncIterator[Gate]:
    """The application behind a gate that can shut its database away."""
    async with (
        gate_to(database_urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        secrets.install(KEYRING)
        try:
            yield gate
        finally:
            await gate.shut()
            bus.install(None)
            secrets.install(None)


@pytest.mark.slow
async def test_a_database_gone_for_a_while_is_said_so_and_nothing_moves(
    gate: Gate, clock: Clock
) -> None:
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    ada, bob = await settle(app, clock, "ada", holds=1_000), await settle(app, clock, "bob")
    quoted = await prepared(ada, "bob", 250)
    words = {**quoted, "proof": {"pin": PIN}, "idempotencyKey": "patient"}

    await gate.shut()
    code = await ada.asker.code(CONFIRM, input=words)
    await gate.open()
    answer = await confirm(ada, quoted, key="patient")

    assert code == "UNAVAILABLE"
    assert answer["__typename"] == "TransferCompleted"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def _asked(address: str, token: str, words: Mapping[str, object]) -> asyncio.StreamWriter:
    host, _, port = address.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps({"query": CONFIRM, "variables": {"input": words}}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    return writer


async def _until_somebody_waits(connection: asyncpg.Connection) -> None:
    async with asyncio.timeout(10):
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await connection.fetchval(waiting):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
