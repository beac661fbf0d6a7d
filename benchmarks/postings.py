"""Postings per second: `domain.ledger.post` beside pgbench, on the same tables and in the same run.

Four ways are measured in turn, A B C D A B C D, so that a busy machine is unfair to all of them:
uPay's own, by callers who wait for their answer; the same SQL function called directly by the same
driver, a connection for each caller; pgbench calling `one_transfer`, the function a
careful person would write; pgbench calling `ledger_post` with a batch of one.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks import cpu, pgbench, tables, worlds
from benchmarks.worlds import World
from domain import keys, ledger
from domain.ledger import wire
from domain.money import MinorUnits
from models.ids import new_id
from models.movements import MovementKind
from server.embedded.postgres import EmbeddedPostgres

MAX_CLIENTS: Final = 80
"""Of pgbench: the embedded PostgreSQL takes a hundred connections."""
BATCHES: Final = (10, 50)
OURS, DIRECT = "uPay", "asyncpg ledger_post(1)"
FUNCTION, BATCH_OF_ONE = "pgbench one_transfer", "pgbench ledger_post(1)"
BATCH = "pgbench ledger_post(N)"


@dataclass(frozen=True)
class Measured:
    """One way, one number of callers, one round."""

    rate: float
    client_us: float
    """CPU of uPay's process or of pgbench, per posting."""
    postgres_us: float


Post = Callable[[ledger.Command], Awaitable[ledger.Posted]]
Way = Callable[[int, float], Awaitable[Measured]]


async def measured(world: World, folder: Path, asked: argparse.Namespace) -> str:
    """The report, as tables in Markdown."""
    postgres, owner, wallets = world.postgres, world.merchant.person_id, world.wallets
    ways: dict[str, Way] = {
        OURS: _ours(postgres, owner, wallets),
        DIRECT: _directly(postgres, owner, wallets),
        FUNCTION: _pgbench(world, folder, pgbench.ONE_TRANSFER),
        BATCH_OF_ONE: _pgbench(world, folder, pgbench.LEDGER_POST),
    }
    for way in ways.values():
        await way(8, min(1.0, asked.seconds))  # Everybody's caches are warm.
    rows = [(callers, await _rounds(ways, callers, asked)) for callers in sorted(asked.callers)]
    batches = {
        size: await _rounds({BATCH: _pgbench(world, folder, pgbench.BATCH, size=size)}, 1, asked)
        for size in BATCHES
    }
    return "\n\n".join((_report(rows, asked), _report_batches(batches)))


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
            counted_on=worlds.OPENED_AT.date(),
        )
        name = new_id().hex
        key = ledger.Key(owner_id=owner, key=name, digest=keys.digest("transfer", name))
        posted = await post(ledger.pay(order, key=key, at=worlds.OPENED_AT))
        assert posted.outcome is ledger.Outcome.DONE
        count += 1
    return count


def _pgbench(world: World, folder: Path, script: str, *, size: int = 1) -> Way:
    path = folder / "script.sql"
    words = script.strip().format(
        wallets=len(world.wallets), owner=world.merchant.person_id, size=size
    )

    async def run(callers: int, seconds: float) -> Measured:
        path.write_text(words)
        before = cpu.tree_seconds(world.postgres.pid)
        url = world.postgres.urls.application
        clients = min(callers, MAX_CLIENTS)
        done = await asyncio.to_thread(pgbench.run, path, url, clients=clients, seconds=seconds)
        await asyncio.sleep(0.2)  # The last backends end, and are counted once.
        used = cpu.tree_seconds(world.postgres.pid) - before
        return _per_posting(done.transactions * size, done.seconds, done.cpu_seconds, used)

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
    lines = []
    for callers, by_way in rows:
        ours, one, single = by_way[OURS], by_way[FUNCTION], by_way[BATCH_OF_ONE]
        cells = [str(callers), f"{ours.rate:,.0f}"]
        for other in (by_way[DIRECT], one, single):
            cells += [f"{other.rate:,.0f}", f"{ours.rate / other.rate:.2f}"]
        cells += [f"{each.client_us:.0f} + {each.postgres_us:.0f}" for each in (ours, one, single)]
        lines.append(cells)
    return tables.markdown(head, lines)


def _report_batches(batches: Mapping[int, Mapping[str, Measured]]) -> str:
    head = ("batch", "transfers/s", "CPU us, pgbench + PostgreSQL")
    rows = [
        (str(size), f"{one.rate:,.0f}", f"{one.client_us:.0f} + {one.postgres_us:.0f}")
        for size, by_way in batches.items()
        for one in by_way.values()
    ]
    return tables.markdown(head, rows)
