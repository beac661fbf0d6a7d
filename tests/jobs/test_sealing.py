"""What is written while a process runs is sealed by it, the last thing before it ends as well."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import asyncpg
import pytest

from domain import chain, ledger
from jobs.sealing import seal_all, sealing
from models.chain import ChainLink, Unsealed
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import orders
from tests.jobs.conftest import Clock

PATIENCE_SECONDS: Final = 30.0


async def test_what_is_written_is_sealed_meanwhile(database: DatabaseUrls, clock: Clock) -> None:
    ada = await factories.wallet(await factories.person("ada"), holds=1_000)
    bob = await factories.wallet(await factories.person("bob"))

    async with sealing(clock), sealing(clock):
        await ledger.post(orders.pay(ada, bob, 10))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await Unsealed.exists():
                pass

    assert await ChainLink.all().count() == 2


async def test_what_is_written_last_is_sealed_as_well(database: DatabaseUrls, clock: Clock) -> None:
    ada = await factories.wallet(await factories.person("ada"))

    async with sealing(clock):
        await seal_all(clock)
        await factories.fund(ada, await factories.person("bob"), 10)

    assert not await Unsealed.exists()


async def test_whoever_cannot_seal_says_so_and_goes_on(
    database: DatabaseUrls, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await factories.wallet(await factories.person("ada"), holds=1_000)
    owner = await asyncpg.connect(database.owner)
    await owner.execute("ALTER TABLE chain_links RENAME TO elsewhere")

    async with sealing(clock):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "Nothing could be sealed" not in caplog.text:
                await chain.lag()
        await owner.execute("ALTER TABLE elsewhere RENAME TO chain_links")
    await owner.close()

    assert await chain.lag() == 0


async def test_the_anchor_of_a_day_is_also_a_line_in_the_log(
    database: DatabaseUrls, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await factories.wallet(await factories.person("ada"), holds=1_000)
    caplog.set_level(logging.INFO, logger="jobs.sealing")
    await seal_all(clock)

    clock.advance(days=1)
    await seal_all(clock)

    [record] = caplog.records
    assert record.getMessage().startswith('anchor {"day": "2026-03-02", "last_seq": 1, "hash": "')
