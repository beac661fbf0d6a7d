"""The world of the benchmark: one person with a thousand funded wallets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from domain import chart, keys, ledger
from domain.money import MinorUnits
from models.database import connected
from models.ids import new_id
from models.movements import MovementKind
from models.people import Person, Role
from models.wallets import Account, AccountKind, Side
from realtime import bus
from server.embedded.postgres import EmbeddedPostgres

OPENED_AT: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WALLETS: Final = 1_000
FUNDS: Final = 1_000_000_000


@asynccontextmanager
async def opened(postgres: EmbeddedPostgres) -> AsyncIterator[tuple[UUID, list[UUID]]]:
    """A person with a thousand funded wallets, which only a benchmark may have."""
    connection = await asyncpg.connect(postgres.urls.owner)
    await connection.execute((Path(__file__).parent / "one_transfer.sql").read_text("utf-8"))
    await connection.execute("DROP INDEX accounts_wallet_key")
    async with connected(postgres.urls.application), bus.MemoryBus() as memory:
        bus.install(memory)
        await chart.open_accounts(OPENED_AT)
        owner, wallets = await _person(), [_wallet(number) for number in range(1, WALLETS + 1)]
        await Account.bulk_create(
            [
                Account(
                    id=wallet,
                    kind=AccountKind.WALLET,
                    normal_side=Side.CREDIT,
                    currency="CNY",
                    owner_id=owner,
                    floor=0,
                    opened_at=OPENED_AT,
                )
                for wallet in wallets
            ]
        )
        await asyncio.gather(*(_fund(owner, wallet) for wallet in wallets))
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        yield owner, wallets
        bus.install(None)


async def _person() -> UUID:
    person = await Person.create(
        id=new_id(),
        account_name="bench",
        display_name="Bench",
        role=Role.CUSTOMER,
        locale="en",
        time_zone="UTC",
        password_hash="!",
        created_at=OPENED_AT,
    )
    return person.id


async def _fund(owner: UUID, wallet: UUID) -> None:
    order = ledger.Order(
        kind=MovementKind.ADJUSTMENT,
        person_id=owner,
        source_id=chart.house_account(AccountKind.EQUITY, "CNY"),
        target_id=wallet,
        amount=MinorUnits(FUNDS),
        currency="CNY",
    )
    key = ledger.Key(owner_id=keys.SYSTEM, key=wallet.hex, digest=b"fund")
    await ledger.post(ledger.pay(order, key=key, at=OPENED_AT))


def _wallet(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")
