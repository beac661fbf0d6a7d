"""A test server of several processes: all of them go by its one clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from domain import test_clock
from models.people import Person
from realtime import bus
from realtime.redis_bus import RedisBus
from server import magic, town
from server.embedded.postgres import DatabaseUrls
from tests.factories import balances
from tests.server.payers import customer, sent_earlier
from tests.server.servers import Server, serving, started, until
from tests.server.sites import SETTINGS
from tests.services import Valkey, valkey

pytestmark = pytest.mark.slow

STEP_SECONDS = 600
SAID_THREE_TIMES = 93  # by the simulator: in its answer, and in two callbacks
ADVANCE = f"""mutation {{ advanceTestClock(input: {{ seconds: {STEP_SECONDS} }}) {{
    ... on TestClockAdvanced {{ now }} }} }}"""
READ = "{ testClock { ... on TestClock { now } } }"
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignedIn { person { wallets { id currency } } tokens { accessToken } } } }"""
TOP_UP = """mutation ($input: TopUpInput!) { topUp(input: $input) {
    ... on TopUpStarted { topUp { status } } } }"""


@pytest.fixture
def clock() -> Iterator[None]:
    """This process belongs to the test server too."""
    test_clock.install(is_test=True)
    yield
    test_clock.install(is_test=False)


async def test_it_is_later_in_every_process_and_after_a_restart(
    folder: Path, database: DatabaseUrls
) -> None:
    ada = await customer("ada")

    with valkey() as redis:
        settings = _settings(database, redis)
        with serving(folder, UPAY_WORKERS="2", **settings) as server:
            before = _told(server, READ, ada.token)
            moved = _told(server, ADVANCE, ada.token)
            until(lambda: all(_is_ahead(server, ada.token) for _ in range(20)))
        with serving(folder, **settings) as server:
            is_kept = _is_ahead(server, ada.token)

    assert moved - before >= timedelta(seconds=STEP_SECONDS)
    assert is_kept
    assert await Person.filter(account_name__startswith="magic-").count() == len(magic.PEOPLE)


async def test_its_simulator_goes_by_it_and_is_still_believed(folder: Path) -> None:
    journal = folder / "upay-data" / "simulator-journal"

    with serving(folder, UPAY_MODE="test") as server:
        words = {"name": "magic-payee", "password": town.PASSWORD}
        payee = _asked(server, SIGN_IN, input=words)
        token = payee["tokens"]["accessToken"]
        _told(server, ADVANCE, token)
        until(lambda: f'"ahead_seconds": {STEP_SECONDS}' in journal.read_text())
        [wallet] = [each for each in payee["person"]["wallets"] if each["currency"] == "CNY"]
        top_up = {
            "walletId": wallet["id"],
            "amount": {"amountMinor": SAID_THREE_TIMES, "currency": "CNY"},
            "idempotencyKey": "first",
        }
        until(lambda: _asked(server, TOP_UP, token, input=top_up)["topUp"]["status"] == "COMPLETED")
        until(lambda: journal.read_text().count("called_back") == 2)

    assert "The signature is wrong" not in server.output


@pytest.mark.usefixtures("clock")
async def test_a_process_that_only_works_does_what_is_due_by_it(
    folder: Path, database: DatabaseUrls
) -> None:
    ada, bob = await customer("ada", holds=1_000), await customer("bob")
    arrives_at = datetime.now(UTC) + timedelta(hours=2)
    await sent_earlier(ada, bob, 250, arrives_at=arrives_at)

    with valkey() as redis, started(folder, "work", **_settings(database, redis)) as worker:
        worker.wait_until(lambda: "uPay works its jobs." in worker.output)
        async with RedisBus(redis.url) as wire, wire.listen(f"stream:{bob.wallet.id}") as arrivals:
            bus.install(wire)
            await test_clock.advance(2 * 60 * 60)
            assert await arrivals.heard(10), worker.output

    assert await balances(ada.wallet, bob.wallet) == [750, 250]


def _settings(urls: DatabaseUrls, redis: Valkey) -> Mapping[str, str]:
    return {
        **SETTINGS,
        "UPAY_MODE": "test",
        "UPAY_DATABASE_URL": urls.application,
        "UPAY_DATABASE_OWNER_URL": urls.owner,
        "UPAY_REDIS_URL": redis.url,
        "UPAY_PROVIDER_URL": "http://127.0.0.1:1",
        "UPAY_PROVIDER_SECRET": "nobody is asked",
    }


def _is_ahead(server: Server, token: str) -> bool:
    """Whether the process that answers has moved; each answer may be another one's."""
    ahead = _told(server, READ, token) - datetime.now(UTC)
    return ahead > timedelta(seconds=STEP_SECONDS / 2)


def _told(server: Server, document: str, token: str) -> datetime:
    return datetime.fromisoformat(_asked(server, document, token)["now"])


def _asked(server: Server, document: str, token: str | None = None, **variables: Any) -> Any:
    """What the only root field answered."""
    answer: dict[str, Any] = httpx2.post(
        f"http://127.0.0.1:{server.port}/graphql",
        json={"query": document, "variables": variables},
        headers={"authorization": f"Bearer {token}"} if token else {},
        timeout=10,
        trust_env=False,
    ).json()
    assert "errors" not in answer, answer
    [value] = answer["data"].values()
    return value
