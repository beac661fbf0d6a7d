"""A restart of one server after the other, while customers pay: none of them has to know."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from domain import verification
from server.embedded.postgres import DatabaseUrls
from tests.factories import balances
from tests.server.bookkeeping import crooked_accounts, differences
from tests.server.crowds import Crowd
from tests.server.payers import customer
from tests.server.proxies import Proxy
from tests.server.sites import Site, two_servers

pytestmark = pytest.mark.slow

PEOPLE = 50
EACH_PAYS = 10
WAVE = PEOPLE * EACH_PAYS // 5


async def test_a_rolling_restart_loses_and_repeats_no_payment(
    folder: Path, database: DatabaseUrls
) -> None:
    shop = await customer("teahouse")
    crowd = await Crowd.gathered(PEOPLE, EACH_PAYS, payee="teahouse")

    with two_servers(folder, database) as site:
        async with Proxy(site.ports) as balancer, crowd.paying(balancer.address):
            await crowd.may_pay(WAVE)
            for number in (0, 1):
                code = await crowd.during(WAVE // 3, of=WAVE, act=_stopping(site, number))
                assert code == 0, site.servers[number].output
                await crowd.during(0, of=WAVE, act=_starting(site, number))
    [paid] = await balances(shop.wallet)

    print("asked again:", dict(crowd.repeated), "outcomes:", crowd.outcomes)
    assert crowd.outcomes == Counter(
        TransferCompleted=PEOPLE * 8, TransferFailed=PEOPLE, WrongPin=PEOPLE
    )
    assert await differences(crowd.log) == []
    assert await crooked_accounts() == []
    assert paid == crowd.completed_amount
    assert await balances(*crowd.wallets) == [0] * PEOPLE
    assert [each async for each in verification.verify(crowd.now()) if each.wrong] == []


def _stopping(site: Site, number: int) -> Callable[[], Awaitable[int]]:
    async def stop() -> int:
        server = site.servers[number]
        os.kill(server.process.pid, signal.SIGTERM)
        return await asyncio.to_thread(server.wait)

    return stop


def _starting(site: Site, number: int) -> Callable[[], Awaitable[None]]:
    async def start() -> None:
        site.start(number)
        await asyncio.to_thread(site.servers[number].wait_until_it_answers)

    return start
