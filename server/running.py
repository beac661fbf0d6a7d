"""What runs while uPay serves: the answering, and the work on its jobs."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from domain import streams
from jobs.handlers import registry
from jobs.worker import Worker
from server import houses, sockets
from server.app import Front, application
from server.callbacks import Caller
from server.endings import Endings
from server.foundations import Foundations
from server.houses import House
from server.signals import Stop
from server.simulators import ProviderAddress

log = logging.getLogger(__name__)

SOCKET_MESSAGE_BYTES: Final = 65_536
LAST_ANSWERS_SECONDS: Final = 8


async def serve(
    foundations: Foundations, listener: socket.socket, stop: Stop, *, on_ready: Callable[[], None]
) -> None:
    """Answers callers and works the jobs until asked to stop, then gives the last answers."""
    async with houses.opened(foundations) as house:
        server = _server(house, stop, on_ready)
        sockets.open_to_all(listener, foundations.settings)
        worker = _worker(house)
        # Should the worker break, the group ends the answering too: half a server is none.
        async with asyncio.TaskGroup() as beside:
            ending = beside.create_task(_end_when_asked(stop, server))
            beating = beside.create_task(_beat(house))
            working = beside.create_task(worker.run())
            with stop.gently():
                await server.serve(sockets=[listener])
                worker.stop()
            ending.cancel()
            beating.cancel()
            if stop.forced.is_set():
                working.cancel()


async def work(foundations: Foundations, stop: Stop) -> None:
    """Works the jobs and answers nobody, until asked to stop."""
    async with houses.opened(foundations) as house, asyncio.TaskGroup() as beside:
        worker = _worker(house)
        beside.create_task(worker.run())
        with stop.gently():
            await stop.asked.wait()
        worker.stop()


class _Server(uvicorn.Server):
    """uvicorn without its own ears for signals, saying when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def _server(house: House, stop: Stop, on_ready: Callable[[], None]) -> _Server:
    settings = house.settings
    front = Front(
        clock=house.clock,
        livemode=house.livemode,
        allowed_origins=settings.allowed_origins,
        letters=house.letters,
        caller=_caller(house.provider),
    )
    config = uvicorn.Config(
        Endings(application(front), stop.asked),
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        reset_contextvars=True,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        log_config=None,
        access_log=False,
    )
    return _Server(config, on_ready)


async def _end_when_asked(stop: Stop, server: uvicorn.Server) -> None:
    await stop.asked.wait()
    server.should_exit = True
    await stop.forced.wait()
    # What is cut off on purpose needs no report.
    logging.getLogger("uvicorn.error").disabled = True
    server.force_exit = True


async def _beat(house: House) -> None:
    """Bounds how late a follower can hear, should hints be lost, for as long as uPay answers."""
    while True:
        await asyncio.sleep(streams.BEAT_SECONDS)
        try:
            await streams.beat(house.clock())
        except Exception:
            log.exception("The beat failed; the next one comes in %s s", streams.BEAT_SECONDS)


def _caller(provider: ProviderAddress | None) -> Caller | None:
    return None if provider is None else Caller(provider.name, provider.secret.encode())


def _worker(house: House) -> Worker:
    return Worker(registry(house.wires), clock=house.clock)
