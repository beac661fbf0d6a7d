"""The world of the benchmark: a thousand signed-in people with funded wallets, and a merchant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks import limits
from domain import chart, keys, ledger, pins, secrets, sessions
from domain.limits import policies
from domain.money import MinorUnits
from models.database import connected
from models.ids import new_id
from models.movements import MovementKind
from models.people import Person, Role
from models.sessions import Audience, SessionToken
from models.wallets import Account, AccountKind, Side
from realtime import bus
from server import keys as server_keys
from server.embedded.postgres import EmbeddedPostgres
from server.keys import SecretKey
from server.migrating import migrate

OPENED_AT: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RESIDENTS: Final = 1_000
FUNDS: Final = 1_000_000_000
PIN: Final = "482915"
_AT_ONCE: Final = 100
_SQL: Final = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Resident:
    """Somebody who is signed in and has money."""

    person_id: UUID
    wallet_id: UUID
    token: str = field(repr=False)


@dataclass(frozen=True)
class World:
    """`residents` have wallets that pgbench can name by their number, from 1 on.

    The newcomer has nothing yet, and no history.
    """

    postgres: EmbeddedPostgres
    key: SecretKey = field(repr=False)
    residents: Sequence[Resident]
    merchant: Resident
    newcomer: Resident

    @property
    def wallets(self) -> Sequence[UUID]:
        return [resident.wallet_id for resident in self.residents]


@asynccontextmanager
async def opened(postgres: EmbeddedPostgres, *, residents: int = RESIDENTS) -> AsyncIterator[World]:
    """The world on a database just made; this process works on it during the block."""
    await migrate(postgres.urls.owner, application="upay_app")
    await _defined(postgres, "one_transfer.sql", "peers.sql", "histories.sql")
    key = server_keys.new("test-")
    secrets.install(secrets.Keyring(current=key.id, keys={key.id: key.value}))
    async with connected(postgres.urls.application), bus.MemoryBus() as memory:
        bus.install(memory)
        await chart.open_accounts(OPENED_AT)
        await policies.install(limits.policy())
        numbers = range(1, residents + 1)
        people = await _together(_resident(number) for number in numbers)
        merchant = await _resident(residents + 1, Role.CUSTOMER)
        newcomer = await _resident(residents + 2, funds=0)
        # They stay signed in for as long as the benchmark takes.
        await SessionToken.all().update(expires_at=datetime.now(UTC) + timedelta(days=1))
        await _defined(postgres, "vacuum.sql")
        yield World(postgres, key, people, merchant, newcomer)
        bus.install(None)
        secrets.install(None)


async def _defined(postgres: EmbeddedPostgres, *files: str) -> None:
    connection = await asyncpg.connect(postgres.urls.owner)
    try:
        for file in files:
            await connection.execute((_SQL / file).read_text("utf-8"))
    finally:
        await connection.close()


async def _resident(number: int, role: Role = Role.CUSTOMER, *, funds: int = FUNDS) -> Resident:
    now = datetime.now(UTC)
    person = await Person.create(
        id=new_id(),
        account_name=f"resident-{number}",
        display_name=f"Resident {number}",
        role=role,
        locale="en",
        time_zone="UTC",
        password_hash="!",
        created_at=OPENED_AT,
    )
    wallet = await Account.create(
        id=UUID(f"00000000-0000-4000-8000-{number:012}"),
        kind=AccountKind.WALLET,
        normal_side=Side.CREDIT,
        currency="CNY",
        owner_id=person.id,
        floor=0,
        opened_at=OPENED_AT,
    )
    await pins.set_pin(person.id, PIN, now)
    opened = await sessions.open_session(
        person, audience=Audience.PUBLIC, client="benchmark", now=now
    )
    if funds:
        await _fund(person.id, wallet.id, MinorUnits(funds))
    return Resident(person.id, wallet.id, opened.tokens.access)


async def _fund(person_id: UUID, wallet_id: UUID, amount: MinorUnits) -> None:
    order = ledger.Order(
        kind=MovementKind.ADJUSTMENT,
        person_id=person_id,
        source_id=chart.house_account(AccountKind.EQUITY, "CNY"),
        target_id=wallet_id,
        amount=amount,
        currency="CNY",
    )
    key = ledger.Key(owner_id=keys.SYSTEM, key=wallet_id.hex, digest=b"fund")
    await ledger.post(ledger.pay(order, key=key, at=OPENED_AT))


async def _together(making: Iterable[Awaitable[Resident]]) -> list[Resident]:
    room = asyncio.Semaphore(_AT_ONCE)

    async def made(one: Awaitable[Resident]) -> Resident:
        async with room:
            return await one

    return await asyncio.gather(*(made(one) for one in making))
