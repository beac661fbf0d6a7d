"""What runs while uPay serves: the answering, and the work on its jobs."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from domain import (
    merchant_settlements,
    password_reminders,
    reconciliation,
    retention,
    streams,
    webhooks,
)
from jobs.handlers import registry
from jobs.sealing import sealing
from jobs.webhooks import CONCURRENCY
from jobs.worker import Worker
from server import examples, houses, later, sightings, sockets, stopping, watching
from server.app import Front, application
from server.callbacks import Caller
from server.endings import Endings
from server.explorer import Explorer
from server.foundations import Foundations
from server.houses import House
from server.impatience import ImpatientProtocol
from server.rates import Rates
from server.settings import Settings
from server.signals import Stop
from server.simulators import ProviderAddress

if TYPE_CHECKING:
    from server.rate_windows import SharedWindows

log = logging.getLogger(__name__)

SOCKET_MESSAGE_BYTES: Final = 65_536
KEEP_ALIVE_SECONDS: Final = 75
"""Longer than load balancers keep an idle connection: they end it, and never meet a closed one."""


async def serve(
    foundations: Foundations, listener: socket.socket, stop: Stop, *, on_ready: Callable[[], None]
) -> None:
    """Answers callers and works the jobs until asked to stop, then gives the last answers."""
    async with (
        houses.opened(foundations) as house,
        stopping.letting_go(house.database, stop),
        sealing(house.clock),
    ):
        await retention.schedule(house.clock())
        await password_reminders.schedule(house.clock())
        await merchant_settlements.schedule(house.clock())
        await reconciliation.schedule(house.clock())
        closing = asyncio.Event()
        server = _server(house, stop, closing, on_ready)
        sockets.open_to_all(listener, foundations.settings)
        worker, deliverer = _workers(house)
        # Should the worker break, the group ends the answering too: half a server is none.
        async with (
            watching.watched(house, worker, foundations.window),
            asyncio.TaskGroup() as beside,
        ):
            ending = beside.create_task(
                stopping.when_asked(
                    stop,
                    server=server,
                    worker=worker,
                    closing=closing,
                    drain_seconds=foundations.settings.drain_seconds,
                )
            )
            beating = beside.create_task(_beat(house))
            loading = beside.create_task(later.load(server.answering))
            working = [beside.create_task(each.run()) for each in (worker, deliverer)]
            with stop.gently():
                await server.serve(sockets=[listener])
                worker.stop()
                deliverer.stop()
                await stopping.finish_books(stop)
            ending.cancel()
            beating.cancel()
            loading.cancel()
            if stop.forced.is_set():
                for each in working:
                    each.cancel()


async def work(foundations: Foundations, stop: Stop) -> None:
    """Works the jobs and answers nobody, until asked to stop."""
    async with (
        houses.opened(foundations) as house,
        stopping.letting_go(house.database, stop),
        sealing(house.clock),
    ):
        await retention.schedule(house.clock())
        await password_reminders.schedule(house.clock())
        await merchant_settlements.schedule(house.clock())
        await reconciliation.schedule(house.clock())
        worker, deliverer = _workers(house)
        async with (
            watching.watched(house, worker, foundations.window),
            asyncio.TaskGroup() as beside,
        ):
            beside.create_task(worker.run())
            beside.create_task(deliverer.run())
            with stop.gently():
                await stop.asked.wait()
            worker.stop()
            deliverer.stop()


class _Server(uvicorn.Server):
    """uvicorn without its own ears for signals, saying when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()
        self.answering.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # A connection without a question is closed: what has just arrived is read first.
        await asyncio.sleep(stopping.LAST_QUESTIONS_SECONDS)
        await super().shutdown(sockets)


def _server(
    house: House, stop: Stop, closing: asyncio.Event, on_ready: Callable[[], None]
) -> _Server:
    settings = house.settings
    front = Front(
        clock=house.clock,
        livemode=house.livemode,
        public_url=house.wires.public_url,
        allowed_origins=settings.allowed_origins,
        rates=_rates(settings),
        letters=house.letters,
        caller=_caller(house.provider),
        explorer=Explorer(settings.mode),
        examples=examples.routes(settings.mode),
        stopping=stop.asked,
    )
    config = uvicorn.Config(
        Endings(application(front), closing, leaving=stop.asked),
        http=ImpatientProtocol,
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=stopping.LAST_ANSWERS_SECONDS,
        reset_contextvars=True,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        log_config=None,
        access_log=False,
    )
    return _Server(config, on_ready)


async def _beat(house: House) -> None:
    """Bounds how late a follower can hear, should hints be lost, for as long as uPay answers."""
    while True:
        await asyncio.sleep(streams.BEAT_SECONDS)
        try:
            await streams.beat(house.clock())
        except Exception:
            log.exception("The beat failed; the next one comes in %s s", streams.BEAT_SECONDS)


def _rates(settings: Settings) -> Rates:
    return Rates(
        person_points=settings.rate_person,
        address_points=settings.rate_address,
        windows=_shared_windows(settings.redis_url) if settings.redis_url else None,
    )


def _shared_windows(redis_url: str) -> SharedWindows:
    from server.rate_windows import SharedWindows  # One process needs no Redis, nor its library.

    return SharedWindows(redis_url)


def _caller(provider: ProviderAddress | None) -> Caller | None:
    return None if provider is None else Caller(provider.name, provider.secret.encode())


def _workers(house: House) -> tuple[Worker, Worker]:
    """One for everything, and one that sends webhooks: other people's servers keep nothing of ours.

    They count as one, and stop together.
    """
    handlers = registry(house.wires)
    sending = {webhooks.DELIVER_JOB: handlers.pop(webhooks.DELIVER_JOB)}
    worker = Worker(handlers, clock=house.clock, around=sightings.job)
    deliverer = Worker(
        sending,
        clock=house.clock,
        concurrency=CONCURRENCY,
        around=sightings.job,
        tally=worker.tally,
    )
    return worker, deliverer
