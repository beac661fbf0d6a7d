"""Tables in Markdown, as they go into docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.rounds import Measured

OURS = "uPay"
_HEAD = (
    "at once",
    "",
    "answers/s",
    "of uPay's",
    "p50 ms",
    "p99 ms",
    "CPU us, server + database",
    "of uPay's",
    "foreign CPU",
)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose numbers stand right."""
    rule = ["---" if word in {"", "what"} else "---:" for word in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def compared(by_connections: Mapping[int, Mapping[str, Measured]]) -> str:
    """Who was asked the same by so many at once, each beside uPay."""
    rows = [
        _row(connections, name, one, by_name[OURS])
        for connections, by_name in by_connections.items()
        for name, one in by_name.items()
    ]
    return markdown(_HEAD, rows)


def alone(by_name: Mapping[str, Measured]) -> str:
    """uPay beside itself; the first is what the others are compared to."""
    first = next(iter(by_name.values()))
    head = ("", "answers/s", "p50 ms", "p99 ms", "CPU us, server + database", "of the first's")
    rows = [
        (
            name,
            f"{one.rate:,.0f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{one.server_us:,.0f} + {one.database_us:,.0f}",
            f"{one.cpu_us / first.cpu_us:.2f}",
        )
        for name, one in by_name.items()
    ]
    return markdown(head, rows)


def machine() -> str:
    """What it was measured on, in one sentence."""
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


def _row(connections: int, name: str, one: Measured, ours: Measured) -> Sequence[str]:
    return (
        str(connections),
        name,
        f"{one.rate:,.0f}",
        f"{one.rate / ours.rate:.2f}",
        f"{one.p50_ms:.1f}",
        f"{one.p99_ms:.1f}",
        f"{one.server_us:,.0f} + {one.database_us:,.0f}",
        f"{one.cpu_us / ours.cpu_us:.2f}",
        f"{one.foreign:.0%}",
    )
