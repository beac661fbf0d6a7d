"""The processes of one uPay asking each other for their numbers, at the moment they are read.

Each listens on a socket in a folder of their own, and answers with what it counted. Prometheus'
own way, files that every process writes to with each count, would cost each request more than the
counting, and could not tell what is only known when it is asked, such as open connections.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from prometheus_client.core import Metric

ANSWER_SECONDS: Final = 2.0
LABEL: Final = "process"

_ENDING: Final = ".sock"


@asynccontextmanager
async def answering(folder: Path, read: Callable[[], list[Metric]]) -> AsyncIterator[None]:
    """During the block this process answers the others with what `read` finds."""
    path = folder / f"{os.getpid()}{_ENDING}"

    async def answer(_: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            wire.write(_written(read()))
            await wire.drain()
        wire.close()

    server = await asyncio.start_unix_server(answer, path)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def gathered(folder: Path) -> list[Metric]:
    """The numbers of every process that answers, each labelled with whose it is."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(_ENDING))
    found = await asyncio.gather(*(_asked(folder / name) for name in names))
    return merged(metric for metrics in found for metric in metrics)


def merged(metrics: Iterable[Metric]) -> list[Metric]:
    """The same, each name once."""
    families: dict[str, Metric] = {}
    for metric in metrics:
        first = families.setdefault(metric.name, metric)
        if first is not metric:
            first.samples += metric.samples
    return list(families.values())


async def _asked(path: Path) -> list[Metric]:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, wire = await asyncio.open_unix_connection(path)
            try:
                return _read(await reader.read(), path.stem)
            finally:
                wire.close()
    except ConnectionRefusedError:
        # Whoever listened here was killed.
        with suppress(FileNotFoundError):
            os.unlink(path)
    except (OSError, TimeoutError, ValueError):
        pass  # It ends at this moment, or is busy: the others are told without it.
    return []


def _written(metrics: list[Metric]) -> bytes:
    return json.dumps(
        [
            [each.name, each.documentation, each.type, [sample[:3] for sample in each.samples]]
            for each in metrics
        ]
    ).encode()


def _read(told: bytes, process: str) -> list[Metric]:
    return [_metric(process, *each) for each in json.loads(told)]


def _metric(process: str, name: str, words: str, kind: str, samples: list[Any]) -> Metric:
    metric = Metric(name, words, kind)
    for sample_name, labels, value in samples:
        metric.add_sample(sample_name, {**labels, LABEL: process}, value)
    return metric
