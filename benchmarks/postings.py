"""Postings per second: `domain.ledger.post` beside pgbench, on the same tables and in the same run.

    python -m benchmarks.postings

Four ways are measured in turn, A B C D A B C D, so that a busy machine is unfair to all of them:
uPay's own, by callers who wait for their answer; the same SQL function called directly by the same
driver, a connection for each caller; pgbench calling `one_transfer`, the function a
careful person would write; pgbench calling `ledger_post` with a batch of one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import uvloop

from benchmarks import cpu, pgbench, worlds
from domain import keys, ledger
from domain.ledger import wire
from domain.money import MinorUnits
from models.ids import new_id
from models.movements import MovementKind
from server.embedded.postgres import EmbeddedPostgres, running
from server.migrating import migrate

MAX_CLIENTS: Final = 90
"""Of pgbench: the embedded PostgreSQL takes a hundred connections."""
CALLERS: Final = (1, 8, 32, 64, 128)
OURS, DIRECT = "uPay", "asyncpg ledger_post(1)"
FUNCTION, BATCH_OF_ONE = "pgbench one_transfer", "pgbench ledger_post(1)"


@dataclass(frozen=True)
class Measured:
    """One way, one number of callers, one round."""

    rate: float
    client_us: float
    """CPU of uPay's process or of pgbench, per posting."""
    postgres_us: float


Post = Callable[[ledger.Command], Awaitable[ledger.Posted]]
Way = Callable[[int, float], Awaitable[Measured]]


def main() -> None:
    asked = _arguments()
    load = os.getloadavg()[0]
    with (
        _folder() as folder,
        running(folder / "data") as postgres,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,  # As the server does.
    ):
        print(runner.run(_measure(postgres, folder, asked)))
    print(f"\nLoad average of the machine before: {load:.1f}.")


@contextmanager
def _folder() -> Iterator[Path]:
    """One that PostgreSQL's user can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="upay-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postings")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS)
    return parser.parse_args()


async def _measure(postgres: EmbeddedPostgres, folder: Path, asked: argparse.Namespace) -> str:
    await migrate(postgres.urls.owner, application="upay_app")
    async with worlds.opened(postgres) as (owner, wallets):
        ways: dict[str, Way] = {
            OURS: _ours(postgres, owner, wallets),
            DIRECT: _directly(postgres, owner, wallets),
            FUNCTION: _pgbench(postgres, folder / "one_transfer", pgbench.ONE_TRANSFER, owner),
            BATCH_OF_ONE: _pgbench(postgres, folder / "ledger_post", pgbench.LEDGER_POST, owner),
        }
        for way in ways.values():
            await way(8, 1)  # Everybody's caches are warm.
        rows = [(callers, await _rounds(ways, callers, asked)) for callers in sorted(asked.callers)]
    return _report(rows, asked)


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
        return await _called(postgres, owner, wallets, [ledger.post] * callers, seconds)

    return run


def _directly(postgres: EmbeddedPostgres, owner: UUID, wallets: Sequence[UUID]) -> Way:
    """The same language, driver and function, without the queue: a connection for each caller."""

    async def run(callers: int, seconds: float) -> Measured:
        url = postgres.urls.application
        connections = [await asyncpg.connect(url) for _ in range(min(callers, MAX_CLIENTS))]
        posts = [_posting_on(connection) for connection in connections]
        measured = await _called(postgres, owner, wallets, posts, seconds)
        for connection in connections:
            await connection.close()
        return measured

    return run


def _posting_on(connection: asyncpg.Connection) -> Post:
    async def post(command: ledger.Command) -> ledger.Posted:
        [posted] = await wire.send(connection, [command])
        return posted

    return post


async def _called(
    postgres: EmbeddedPostgres,
    owner: UUID,
    wallets: Sequence[UUID],
    posts: Sequence[Post],
    seconds: float,
) -> Measured:
    postgres_before, ours_before = cpu.tree_seconds(postgres.pid), time.process_time()
    started = time.perf_counter()
    deadline = started + seconds
    counts = await asyncio.gather(*(_caller(post, owner, wallets, deadline) for post in posts))
    took = time.perf_counter() - started
    return _per_posting(
        sum(counts),
        took,
        time.process_time() - ours_before,
        cpu.tree_seconds(postgres.pid) - postgres_before,
    )


async def _caller(post: Post, owner: UUID, wallets: Sequence[UUID], deadline: float) -> int:
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
        posted = await post(ledger.pay(order, key=key, at=worlds.OPENED_AT))
        assert posted.outcome is ledger.Outcome.DONE
        count += 1
    return count


def _pgbench(postgres: EmbeddedPostgres, path: Path, script: str, owner: UUID) -> Way:
    path.write_text(script.strip().format(wallets=worlds.WALLETS, owner=owner))

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


def _report(rows: Sequence[tuple[int, dict[str, Measured]]], asked: argparse.Namespace) -> str:
    head = ["callers", "uPay /s", "direct /s", "ratio", "one_transfer /s", "ratio"]
    head += ["ledger_post(1) /s", "ratio"]
    head += ["uPay CPU us (Python + PostgreSQL)", "one_transfer CPU us (pgbench + PostgreSQL)"]
    head += ["ledger_post(1) CPU us"]
    lines = [f"{asked.rounds} rounds of {asked.seconds:.0f} s in turn, medians. {_machine()}", ""]
    lines += [_line(head), _line(["---:"] * len(head))]
    for callers, by_way in rows:
        ours, one, single = by_way[OURS], by_way[FUNCTION], by_way[BATCH_OF_ONE]
        cells = [str(callers), f"{ours.rate:,.0f}"]
        for other in (by_way[DIRECT], one, single):
            cells += [f"{other.rate:,.0f}", f"{ours.rate / other.rate:.2f}"]
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
