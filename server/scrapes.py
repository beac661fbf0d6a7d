"""`/metrics` for Prometheus, on an address of its own that callers do not reach."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server import peers
from server.readings import Readings
from server.refusals import Refused
from server.settings import Settings

BACKLOG: Final = 16


@dataclass(frozen=True)
class Window:
    """Where one uPay's numbers are read; `folder` is where its processes meet, if it has several.

    Whichever of them takes the question answers for all.
    """

    listener: socket.socket
    folder: Path | None


@contextmanager
def window(settings: Settings) -> Iterator[Window | None]:
    """The address that the settings name for `/metrics`, ours from here on; None when none is.

    Raises:
        Refused: somebody else has it, or this machine has no such address.
    """
    if settings.metrics is None:
        yield None
        return
    with _listening(*settings.metrics) as listener:
        if settings.workers == 1:
            yield Window(listener, None)
            return
        with tempfile.TemporaryDirectory(prefix="upay-") as folder:
            yield Window(listener, Path(folder))


@asynccontextmanager
async def served(window: Window | None, readings: Readings) -> AsyncIterator[None]:
    """During the block `/metrics` is answered in the window, if there is one."""
    if window is None:
        yield
        return
    async with AsyncExitStack() as ending:
        if window.folder is not None:
            await ending.enter_async_context(peers.answering(window.folder, readings.here))
        server = _Server(
            uvicorn.Config(
                application(readings, window.folder),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[window.listener]))
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await serving


def application(readings: Readings, folder: Path | None) -> Starlette:
    """Answers `/metrics` for this process, or for all that meet in `folder`."""

    async def answer(_: Request) -> Response:
        here = readings.here() if folder is None else await peers.gathered(folder)
        return Response(_text([*here, *await readings.shared()]), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/metrics", answer, methods=["GET"])])


def _text(metrics: list[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Found(metrics))
    return generate_latest(registry)


@dataclass(frozen=True, eq=False)
class _Found(Collector):
    metrics: list[Metric]

    def collect(self) -> list[Metric]:
        return self.metrics


class _Server(uvicorn.Server):
    """uvicorn without its own ears for signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refused(host, port, error) from error
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError as error:
            raise _refused(host, port, error) from error
        yield listener


def _refused(host: str, port: int, error: OSError) -> Refused:
    return Refused(
        f"UPAY_METRICS names {host}:{port}, where uPay cannot listen ({error.strerror}): name "
        "another address of this machine, or another port."
    )
