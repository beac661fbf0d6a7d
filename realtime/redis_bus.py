"""The bus of several processes: one Redis channel on which hints travel together."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import EqualJitterBackoff, NoBackoff
from redis.exceptions import RedisError

from realtime.bus import EVERYTHING, BusUnreachable, Ear, MemoryBus

BACKLOG_TOPICS: Final = 10_000
MESSAGE_TOPICS: Final = 500  # About 22 KB when each is a word and a UUID.
RETRY_FIRST_SECONDS: Final = 0.05
RETRY_LONGEST_SECONDS: Final = 2.0
STEADY_SECONDS: Final = 10.0
RECANCEL_SECONDS: Final = 0.01
WIRE_ERRORS: Final = (RedisError, OSError)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the bus waits for Redis, in seconds."""

    start_seconds: float = 5.0
    listen_seconds: float = 1.0
    answer_seconds: float = 2.0
    quiet_seconds: float = 10.0
    close_seconds: float = 1.0


class RedisBus:
    """Tells the listeners of this process at once, and those of the others through Redis.

    When Redis is away hints wait, each topic once; when it is back every listener looks again.
    """

    def __init__(self, url: str, *, prefix: str = "upay", waits: Waits | None = None) -> None:
        self._waits = waits or Waits()
        self._redis = _client(url, self._waits)
        self._address = _address(url, self._redis)
        self._channel = f"{prefix}:hints"
        self._process = secrets.token_hex(8)
        self._here = MemoryBus()
        self._backlog = _Backlog()
        self._subscribed = asyncio.Event()
        self._loops: tuple[asyncio.Task[None], ...] = ()
        self._failures = 0
        self._problem: Exception | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="realtime.redis_bus")
        self._task.add_done_callback(_report)
        try:
            async with asyncio.timeout(self._waits.start_seconds):
                await self._subscribed.wait()
        except TimeoutError:
            await self._close()
            raise self._unreachable() from self._problem
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    @property
    def is_connected(self) -> bool:
        return self._subscribed.is_set()

    @property
    def topics(self) -> frozenset[str]:
        return self._here.topics

    def tell(self, *topics: str) -> None:
        self._here.tell(*topics)
        self._backlog.add(topics)

    @asynccontextmanager
    async def listen(self, *topics: str) -> AsyncIterator[Ear]:
        async with self._here.listen(*topics) as ear:
            # Without the wire the listener still gets its ear: when Redis is back, it is woken.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._waits.listen_seconds):
                    await self._subscribed.wait()
            yield ear

    def watch(self, prefix: str, callback: Callable[[str], None]) -> Callable[[], None]:
        return self._here.watch(prefix, callback)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._loops = (tasks.create_task(self._hear()), tasks.create_task(self._send()))

    async def _hear(self) -> None:
        clock = asyncio.get_running_loop()
        while True:
            began = clock.time()
            try:
                async with self._redis.pubsub() as wire:
                    await wire.subscribe(self._channel)
                    await self._receive_from(wire)
            except WIRE_ERRORS as error:
                self._note(error, lasted_seconds=clock.time() - began)
            finally:
                self._subscribed.clear()
            await asyncio.sleep(_retry_seconds(self._failures))

    async def _receive_from(self, wire: PubSub) -> None:
        """Reads until the wire breaks, or is silent where an answer is due."""
        answer_due = True
        while True:
            waits = self._waits.answer_seconds if answer_due else self._waits.quiet_seconds
            message = await wire.get_message(timeout=waits)
            if message is not None:
                answer_due = False
                self._receive(message)
            elif answer_due:
                raise RedisError(f"Redis was silent for {waits:g} s.")
            else:
                # A wire cut without a word looks like a quiet one until it is asked.
                answer_due = True
                await wire.ping()

    def _receive(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._reconnected()
        elif message["type"] == "message":
            process, *topics = message["data"].decode(errors="replace").split("\n")
            if process != self._process:
                self._here.tell(*topics)

    def _reconnected(self) -> None:
        if self._failures:
            _log.info("Redis is back at %s.", self._address)
        self._subscribed.set()
        # What was said while nobody here could hear is lost; what it was about is in the database.
        self._here.tell(EVERYTHING)

    def _note(self, error: Exception, *, lasted_seconds: float) -> None:
        if self.is_connected or not self._failures:
            _log.warning("Redis is lost at %s: %s", self._address, error)
        # A wire that breaks as often as it is mended must not wake everybody many times a second.
        if lasted_seconds > STEADY_SECONDS:
            self._failures = 0
        self._failures += 1
        self._problem = error

    async def _send(self) -> None:
        failures = 0
        while True:
            await self._backlog.filled()
            try:
                await self._publish()
                failures = 0
            except WIRE_ERRORS as error:
                if not failures:
                    _log.warning("Redis takes no hints at %s: %s", self._address, error)
                failures += 1
                await asyncio.sleep(_retry_seconds(failures))

    async def _publish(self) -> None:
        topics = self._backlog.take()
        try:
            await self._redis.publish(self._channel, "\n".join((self._process, *topics)))
        except BaseException:
            # It may have been heard all the same: twice is harmless.
            self._backlog.add(topics)
            raise

    async def _close(self) -> None:
        was_connected = self.is_connected
        await self._stop()
        with suppress(*WIRE_ERRORS):
            async with asyncio.timeout(self._waits.close_seconds):
                while was_connected and self._backlog:
                    await self._publish()
        with suppress(*WIRE_ERRORS):
            async with asyncio.timeout(self._waits.close_seconds):
                await self._redis.aclose()

    async def _stop(self) -> None:
        # Repeated, because one may be lost: before Python 3.12 `asyncio.wait_for`, through which
        # the library writes, swallows a cancellation that arrives together with its result.
        while not self._task.done():
            for loop in self._loops:
                loop.cancel()
            await asyncio.wait([self._task], timeout=RECANCEL_SECONDS)

    def _unreachable(self) -> BusUnreachable:
        reason = f": {self._problem}" if self._problem else "."
        seconds = self._waits.start_seconds
        return BusUnreachable(f"Redis at {self._address} gave no answer in {seconds:g} s{reason}")


class _Backlog:
    """The topics still to be published, each once; when they are too many, all of them."""

    def __init__(self) -> None:
        self._topics: dict[str, None] = {}
        self._filled = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._topics)

    def add(self, topics: Iterable[str]) -> None:
        self._topics.update(dict.fromkeys(topics))
        if len(self._topics) > BACKLOG_TOPICS:
            self._topics = {EVERYTHING: None}
        if self._topics:
            self._filled.set()

    async def filled(self) -> None:
        await self._filled.wait()

    def take(self) -> list[str]:
        taken = list(islice(self._topics, MESSAGE_TOPICS))
        for topic in taken:
            del self._topics[topic]
        if not self._topics:
            self._filled.clear()
        return taken


def _client(url: str, waits: Waits) -> Redis:
    try:
        return Redis.from_url(
            url,
            protocol=2,
            # The library would try ten times; here each loop has its own patience.
            retry=Retry(NoBackoff(), 0),
            socket_timeout=waits.answer_seconds,
            socket_connect_timeout=waits.answer_seconds,
        )
    except ValueError:
        # The parser's own words may quote a piece of the password.
        raise BusUnreachable(
            "The address of Redis cannot be read: write redis://[user:password@]host:port/number, "
            "and escape special characters in the password."
        ) from None


def _address(url: str, redis: Redis) -> str:
    """Where Redis is, put together from what the parser made of it: never the password."""
    wire = redis.connection_pool.connection_kwargs
    if "path" in wire:
        return f"unix://{wire['path']}"
    scheme = url.partition(":")[0]
    host, port, number = wire.get("host", "localhost"), wire.get("port", 6379), wire.get("db", 0)
    return f"{scheme}://{host}:{port}/{number}"


def _retry_seconds(failures: int) -> float:
    backoff = EqualJitterBackoff(cap=RETRY_LONGEST_SECONDS, base=RETRY_FIRST_SECONDS)
    # Beyond ten doublings the pause is the longest anyway, and 2¹⁰²⁴ is no float.
    return backoff.compute(min(failures, 10))


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (bug := task.exception()):
        _log.error("The bus stopped; this process hears no others.", exc_info=bug)
