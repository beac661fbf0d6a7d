"""Rounds in turn, A B C A B C, so that a busy machine is unfair to all who are compared."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import cpu, load
from benchmarks.load import Load


@dataclass(frozen=True)
class Measured:
    """One round, or the medians of several. CPU is microseconds for each answer."""

    count: int
    rate: float
    p50_ms: float
    p99_ms: float
    server_us: float
    database_us: float
    foreign: float
    """The share of the machine that somebody else had meanwhile, 0 to 1."""

    @property
    def cpu_us(self) -> float:
        return self.server_us + self.database_us


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to do what the others do too: who does it, and what is asked of them.

    `asked` makes so many requests, each of which is sent once unless `is_repeated`. `checked`, told
    how many were answered, raises when the database does not hold exactly that.
    """

    name: str
    server_pid: int
    port: int
    asked: Callable[[int], Awaitable[Sequence[bytes]]]
    sign: bytes
    times: int = 1
    is_repeated: bool = False
    checked: Callable[[int], Awaitable[None]] | None = None


class Bench:
    """Measures ways against one database, with clients in a process of their own."""

    def __init__(self, database_pid: int, clients: ProcessPoolExecutor) -> None:
        self._database_pid = database_pid
        self._clients = clients
        self._rates: dict[str, float] = {}

    async def compared(
        self, ways: Sequence[Way], *, connections: int, seconds: float, rounds: int
    ) -> Mapping[str, Measured]:
        """The medians of so many rounds in turn; who is asked for the first time warms up first."""
        for way in ways:
            if way.name not in self._rates:
                await self.measured(way, connections=8, seconds=min(1.0, seconds))
        measured: dict[str, list[Measured]] = {way.name: [] for way in ways}
        for _ in range(rounds):
            for way in ways:
                one = await self.measured(way, connections=connections, seconds=seconds)
                measured[way.name].append(one)
        return {name: median(runs) for name, runs in measured.items()}

    async def measured(self, way: Way, *, connections: int, seconds: float) -> Measured:
        """One round."""
        enough = int(self._rates.get(way.name, 1_000) * seconds * 1.6) + 4 * connections
        requests = await way.asked(enough)
        asked = Load(
            port=way.port,
            requests=requests,
            connections=connections,
            seconds=seconds,
            sign=way.sign,
            times=way.times,
            is_repeated=way.is_repeated,
        )
        before, started = self._used(way), time.perf_counter()
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._clients, load.run, asked)
        after, took = self._used(way), time.perf_counter() - started
        count = len(answers.latencies_ms)
        if way.checked is not None:
            await way.checked(count)
        server, database, machine, own = (
            now - then for now, then in zip(after, before, strict=True)
        )
        ours = server + database + own + answers.cpu_seconds
        ordered = sorted(answers.latencies_ms)
        measured = Measured(
            count=count,
            rate=count / answers.seconds,
            p50_ms=statistics.median(ordered),
            p99_ms=ordered[int(len(ordered) * 0.99)],
            server_us=server / count * 1e6,
            database_us=database / count * 1e6,
            foreign=max(0.0, (machine - ours) / took / (os.cpu_count() or 1)),
        )
        self._rates[way.name] = max(measured.rate, self._rates.get(way.name, 0))
        print(_line(way, connections, measured), flush=True)
        return measured

    def _used(self, way: Way) -> tuple[float, float, float, float]:
        return (
            cpu.tree_seconds(way.server_pid),
            cpu.tree_seconds(self._database_pid),
            cpu.busy_seconds(),
            time.process_time(),
        )


@contextmanager
def bench(database_pid: int) -> Iterator[Bench]:
    """Its clients run during the block."""
    # A fork would bring the models and their connections along.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as clients:
        yield Bench(database_pid, clients)


def median(runs: Sequence[Measured]) -> Measured:
    """Of each number by itself."""
    return Measured(
        count=sum(run.count for run in runs),
        rate=statistics.median(run.rate for run in runs),
        p50_ms=statistics.median(run.p50_ms for run in runs),
        p99_ms=statistics.median(run.p99_ms for run in runs),
        server_us=statistics.median(run.server_us for run in runs),
        database_us=statistics.median(run.database_us for run in runs),
        foreign=statistics.median(run.foreign for run in runs),
    )


def _line(way: Way, connections: int, one: Measured) -> str:
    return (
        f"  {way.name:<28} {connections:>3} at once: {one.rate:>7,.0f}/s, p50 {one.p50_ms:.1f} ms, "
        f"CPU {one.server_us:,.0f} + {one.database_us:,.0f} us; foreign {one.foreign:.0%}"
    )
