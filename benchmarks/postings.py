"""Postings per second: `domain.ledger.post` beside pgbench, on the same tables and in the same run.

    python -m benchmarks.postings

Three ways are measured in turn, A B C A B C, so that a busy machine is unfair to all of them:
uPay's own, by callers who wait for their answer; pgbench calling `one_transfer`, the function a
careful person would write; pgbench calling `ledger_post` with a batch of one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks import cpu, pgbench
from domain import chart, keys, ledger
from domain.money import MinorUnits
from models.database import connected
from models.ids import new_id
from models.movements import MovementKind
from models.people import Person, Role
from models.wallets import Account, AccountKind, Side
from realtime import bus
from server.embedded.postgres import EmbeddedPostgres, running
from server.migrating import migrate
from tests.moments import NOON

WALLETS: Final = 1_000
FUNDS: Final = 1_000_000_000
MAX_CLIENTS: Final = 90
"""Of pgbench: the embedded PostgreSQL takes a hundred connections."""
CALLERS: Final = (1, 8, 32, 64, 128)
OURS, FUNCTION, BATCH_OF_ONE = "uPay", "pgbench one_transfer", "pgbench ledger_post(1)"


@dataclass(frozen=True)
class Measured:
    """One way, one number of callers, one round."""

    rate: float
    client_us: float
    """CPU of uPay's process or of pgbench, per posting."""
    postgres_us: float


Way = Callable[[int, float], Awaitable[Measured]]


def main() -> None:
    asked = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="upay-bench-", dir="/tmp"))
    folder.chmod(0o755)
    with running(folder / "data") as postgres:
        asyncio.run(_measure(postgres, folder, asked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postings")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS)
    return parser.parse_args()


async def _measure(postgres: EmbeddedPostgres, folder: Path, asked: argparse.Namespace) -> None:
    await migrate(postgres.urls.owner, application="upay_app")
    async with _open(postgres) as (owner, wallets):
        ways: dict[str, Way] = {
            OURS: _ours(postgres, owner, wallets),
            FUNCTION: _pgbench(postgres, folder / "one_transfer", pgbench.ONE_TRANSFER, owner),
            BATCH_OF_ONE: _pgbench(postgres, folder / "ledger_post", pgbench.LEDGER_POST, owner),
        }
        for way in ways.values():
            await way(8, 1)  # Everybody's caches are warm.
        rows = [(callers, await _rounds(ways, callers, asked)) for callers in sorted(asked.callers)]
    print(_report(rows, asked))


async def _rounds(
    ways: dict[str, Way], callers: int, asked: argparse.Namespace
) -> dict[str, Measured]:
    measured: dict[str, list[Measured]] = {name: [] for name in ways}
    for _ in range(asked.rounds):
        for name, way in ways.items():
            measured[name].append(await way(callers, asked.seconds))
    return {name: _median(runs) for name, runs in measured.items()}


def _ours(postgres: EmbeddedPostgres, owner: UUID, wallets: Sequence[UUID]) -> Way:
    async def run(callers: int, seconds: float) -> Measured:
        postgres_before, ours_before = cpu.tree_seconds(postgres.pid), time.process_time()
        started = time.perf_counter()
        deadline = started + seconds
        counts = await asyncio.gather(*(_caller(owner, wallets, deadline) for _ in range(callers)))
        took = time.perf_counter() - started
        return _per_posting(
            sum(counts),
            took,
            time.process_time() - ours_before,
            cpu.tree_seconds(postgres.pid) - postgres_before,
        )

    return run


async def _caller(owner: UUID, wallets: Sequence[UUID], deadline: float) -> int:
    """Pays, waits for the answer, pays again."""
    count = 0
    while time.perf_counter() < deadline:
        source, target = random.sample(wallets, 2)
        order = ledger.Order(
            kind=MovementKind.TRANSFER,
            person_id=owner,
            source_id=source,
            target_id=target,
            amount=MinorUnits(1),
            currency="CNY",
        )
        name = new_id().hex
        key = ledger.Key(owner_id=owner, key=name, digest=keys.digest("transfer", name))
        posted = await ledger.post(ledger.pay(order, key=key, at=NOON))
        assert posted.outcome is ledger.Outcome.DONE
        count += 1
    return count


def _pgbench(postgres: EmbeddedPostgres, path: Path, script: str, owner: UUID) -> Way:
    path.write_text(script.strip().format(wallets=WALLETS, owner=owner))

    async def run(callers: int, seconds: float) -> Measured:
        before = cpu.tree_seconds(postgres.pid)
        url = postgres.urls.application
        clients = min(callers, MAX_CLIENTS)
        done = await asyncio.to_thread(pgbench.run, path, url, clients=clients, seconds=seconds)
        await asyncio.sleep(0.2)  # The last backends end, and are counted once.
        used = cpu.tree_seconds(postgres.pid) - before
        return _per_posting(done.transactions, done.seconds, done.cpu_seconds, used)

    return run


def _per_posting(count: int, took: float, client: float, postgres: float) -> Measured:
    return Measured(count / took, client / count * 1e6, postgres / count * 1e6)


def _median(runs: Sequence[Measured]) -> Measured:
    return Measured(
        statistics.median(run.rate for run in runs),
        statistics.median(run.client_us for run in runs),
        statistics.median(run.postgres_us for run in runs),
    )


@asynccontextmanager
async def _open(postgres: EmbeddedPostgres) -> AsyncIterator[tuple[UUID, list[UUID]]]:
    """A person with a thousand funded wallets, which only a benchmark may have."""
    connection = await asyncpg.connect(postgres.urls.owner)
    await connection.execute((Path(__file__).parent / "one_transfer.sql").read_text("utf-8"))
    await connection.execute("DROP INDEX accounts_wallet_key")
    async with connected(postgres.urls.application), bus.MemoryBus() as memory:
        bus.install(memory)
        await chart.open_accounts(NOON)
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
                    opened_at=NOON,
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
        created_at=NOON,
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
    await ledger.post(ledger.pay(order, key=key, at=NOON))


def _wallet(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")


def _report(rows: Sequence[tuple[int, dict[str, Measured]]], asked: argparse.Namespace) -> str:
    head = ["callers", "uPay /s", "one_transfer /s", "ratio", "ledger_post(1) /s", "ratio"]
    head += ["uPay CPU us (Python + PostgreSQL)", "one_transfer CPU us (pgbench + PostgreSQL)"]
    head += ["ledger_post(1) CPU us"]
    lines = [f"{asked.rounds} rounds of {asked.seconds:.0f} s in turn, medians. {_machine()}", ""]
    lines += [_line(head), _line(["---:"] * len(head))]
    for callers, by_way in rows:
        ours, one, single = by_way[OURS], by_way[FUNCTION], by_way[BATCH_OF_ONE]
        cells = [str(callers), f"{ours.rate:,.0f}"]
        cells += [f"{one.rate:,.0f}", f"{ours.rate / one.rate:.2f}"]
        cells += [f"{single.rate:,.0f}", f"{ours.rate / single.rate:.2f}"]
        cells += [f"{each.client_us:.0f} + {each.postgres_us:.0f}" for each in (ours, one, single)]
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _machine() -> str:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} x {models[0] if models else platform.machine()}, {memory:.0f} GiB, "
        f"Linux {platform.release()}, CPython {platform.python_version()}, PostgreSQL 18, fsync on."
    )


if __name__ == "__main__":
    main()
