"""Everything that can be read of uPay in numbers, at the moment when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final, TypeVar

from prometheus_client import GCCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import CollectorRegistry

from domain import chain, ledger
from domain.tallies import Spread
from jobs.worker import Worker
from models.database import Client
from realtime import bus
from server import metrics, probes
from server.probes import LIMIT_SECONDS

Labels = TypeVar("Labels", bound=tuple[str, ...])

_nowhere: Final = CollectorRegistry()
_PYTHON: Final = (ProcessCollector(registry=_nowhere), GCCollector(registry=_nowhere))
_JOBS: Final = """
    SELECT count(*) AS waiting, count(*) FILTER (WHERE run_at <= $1::timestamptz) AS due,
           greatest(coalesce(extract(epoch FROM $1::timestamptz - min(run_at)), 0), 0)::float8
               AS late_seconds
    FROM jobs WHERE done_at IS NULL AND failed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Readings:
    """What one process can tell of itself, and of the database it shares with the others."""

    database: Client
    worker: Worker
    clock: Callable[[], datetime]

    def here(self) -> list[Metric]:
        """This process alone."""
        return [*_callers(), *_ledger(), *self._jobs(), *self._wires(), *_python()]

    async def shared(self) -> list[Metric]:
        """What is the same whichever process is asked; little while the database is away."""
        up = GaugeMetricFamily("upay_database_up", "Whether the database answers.")
        try:
            async with probes.connection(self.database.pool) as connection:
                jobs = await connection.fetchrow(_JOBS, self.clock(), timeout=LIMIT_SECONDS)
                lag = await connection.fetchval(chain.LAG, timeout=LIMIT_SECONDS)
        except Exception:  # noqa: BLE001 - whatever is wrong, it does not answer
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [
            up,
            _gauge("upay_jobs_waiting", "Jobs that are neither done nor given up.", jobs[0]),
            _gauge("upay_jobs_due", "Those of them that are due.", jobs[1]),
            _gauge("upay_jobs_late_seconds", "How long the oldest has been due.", jobs[2]),
            _gauge("upay_chain_lag_seconds", "How long the oldest waits for its link.", lag),
        ]

    def _jobs(self) -> Iterator[Metric]:
        tally = self.worker.tally
        yield _counter(
            "upay_jobs_tried", "Tries of jobs, by how they ended.", ("kind", "ending"), tally.ended
        )
        yield _histogram("upay_job_seconds", "How long a try took.", (), {(): tally.seconds})

    def _wires(self) -> Iterator[Metric]:
        pool = self.database.pool
        size, idle = pool.get_size(), pool.get_idle_size()
        connections = {("used",): size - idle, ("idle",): idle, ("most",): pool.get_max_size()}
        yield _gauges(
            "upay_database_connections", "Connections to the database.", ("state",), connections
        )
        is_connected = bus.installed().is_connected
        yield _gauge("upay_bus_connected", "Whether hints reach the others.", float(is_connected))


def _callers() -> Iterator[Metric]:
    yield _histogram(
        "upay_operation_seconds",
        "How long queries and mutations took.",
        ("api", "kind", "outcome"),
        metrics.operations,
    )
    yield _counter(
        "upay_operation_errors",
        "Operations whose answer had errors, by the code of the first.",
        ("api", "code"),
        metrics.errors,
    )
    yield _counter(
        "upay_subscriptions_ended",
        "Subscriptions that ended, by how.",
        ("api", "outcome"),
        metrics.followings,
    )
    yield _counter("upay_events", "Events told, with heartbeats.", ("api",), _each(metrics.events))
    statuses = {(f"{digit}xx",): count for digit, count in metrics.answers.items()}
    yield _counter("upay_http_responses", "HTTP answers.", ("status",), statuses)
    open_ = _each(metrics.open_subscriptions)
    yield _gauges("upay_subscriptions_open", "Subscriptions under way.", ("api",), open_)
    yield _gauges("upay_sockets_open", "Sockets.", ("api",), _each(metrics.open_sockets))


def _ledger() -> Iterator[Metric]:
    queue = ledger.here()
    tally = queue.tally
    yield _counter(
        "upay_ledger_commands",
        "Commands, by how the ledger answered.",
        ("outcome",),
        _each(tally.commands),
    )
    waits = {(): tally.seconds}
    yield _histogram("upay_ledger_command_seconds", "How long commands waited.", (), waits)
    yield _histogram("upay_ledger_batch_commands", "Commands in a batch.", (), {(): tally.batches})
    yield _gauge("upay_ledger_waiting", "Commands waiting for the next batch.", queue.waiting)
    yield _gauge(
        "upay_ledger_batch_under_way_seconds",
        "How long the batch under way has been at it.",
        queue.under_way_seconds(),
    )


def _python() -> Iterator[Metric]:
    for collector in _PYTHON:
        yield from collector.collect()


def _each(counts: Mapping[str, float]) -> Mapping[tuple[str], float]:
    return {(name,): count for name, count in counts.items()}


def _counter(
    name: str, words: str, labels: Iterable[str], counts: Mapping[Labels, float]
) -> Metric:
    family = CounterMetricFamily(name, words, labels=tuple(labels))
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def _gauges(name: str, words: str, labels: Iterable[str], values: Mapping[Labels, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=tuple(labels))
    for value_labels, value in values.items():
        family.add_metric(value_labels, value)
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return _gauges(name, words, (), {(): value})


def _histogram(
    name: str, words: str, labels: Iterable[str], spreads: Mapping[Labels, Spread]
) -> Metric:
    family = HistogramMetricFamily(name, words, labels=tuple(labels))
    for values, spread in spreads.items():
        bounds = [*(str(float(bound)) for bound in spread.bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(spread.counts), strict=True))
        family.add_metric(values, buckets, spread.total)
    return family
