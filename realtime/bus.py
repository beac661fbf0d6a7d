"""Hints to look again: who is told, who listens, and the bus this process uses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, Self

EVERYTHING: Final = "*"
"""The topic of all topics: hints may have been lost, so whoever listens must look again."""

_installed: Bus | None = None


def install(bus: Bus | None) -> None:
    """Makes `bus` the one this process tells and listens on; None takes it away."""
    global _installed
    _installed = bus


def installed() -> Bus:
    """The bus of this process.

    Raises:
        RuntimeError: none was installed.
    """
    if _installed is None:
        raise RuntimeError("No bus is installed: call realtime.bus.install(...) at start.")
    return _installed


def tell(*topics: str) -> None:
    """Says that something changed, on the bus of this process; see `Bus.tell`."""
    installed().tell(*topics)


def listen(*topics: str) -> AbstractAsyncContextManager[Ear]:
    """Opens an ear on the bus of this process; see `Bus.listen`."""
    return installed().listen(*topics)


class BusUnreachable(Exception):
    """The wire cannot be used as the settings name it; the sentence never holds the password."""


class Bus(Protocol):
    """Carries hints, "look again at this topic"; what happened is read from the database."""

    @property
    def is_connected(self) -> bool:
        """Whether hints reach the other processes and theirs reach this one."""

    @property
    def topics(self) -> frozenset[str]:
        """The topics somebody in this process listens to."""

    def tell(self, *topics: str) -> None:
        """Wakes whoever listens to one of `topics`, in every process.

        Called right after a commit, from the event loop's thread. Neither waits nor raises: other
        processes hear a moment later, or all look again when the wire is back.
        """

    def listen(self, *topics: str) -> AbstractAsyncContextManager[Ear]:
        """Opens an ear for `topics`, closed when the block ends.

        Inside the block no hint is lost: read the database after entering, then wait for the ear.
        """

    def watch(self, prefix: str, callback: Callable[[str], None]) -> Callable[[], None]:
        """Calls `callback` with each topic told that starts with `prefix`; returns what ends it.

        The bare `prefix` means that any of them may have changed. The callback runs in the loop's
        next turn, so that its failure is the loop's to report and never the teller's.
        """


class Ear:
    """One listener's. Hints between two calls of `heard` are one hint, and none of them is lost."""

    __slots__ = ("_called", "_is_told")

    def __init__(self) -> None:
        self._called = asyncio.Event()
        self._is_told = False

    async def heard(self, timeout_seconds: float | None = None) -> bool:
        """Waits until called; whether one of its topics was told, so that there is news to read.

        False when it was only woken, or when `timeout_seconds` pass first.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._called.wait()
        except TimeoutError:
            return False
        self._called.clear()
        is_told, self._is_told = self._is_told, False
        return is_told

    def tell(self) -> None:
        """Says that one of its topics has news; the bus does this."""
        self._is_told = True
        self._called.set()

    def wake(self) -> None:
        """Lets the listener go on although nobody told its topics."""
        self._called.set()


class MemoryBus:
    """The bus of a process that is alone."""

    def __init__(self) -> None:
        self._ears: dict[str, set[Ear]] = {}
        self._watchers: set[_Watcher] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    @property
    def is_connected(self) -> bool:
        return True

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._ears)

    def tell(self, *topics: str) -> None:
        for topic in topics:
            for ear in self._ears_for(topic):
                ear.tell()
            for watcher in self._watchers:
                watcher.tell(topic)

    @asynccontextmanager
    async def listen(self, *topics: str) -> AsyncIterator[Ear]:
        ear = Ear()
        for topic in topics:
            self._ears.setdefault(topic, set()).add(ear)
        try:
            yield ear
        finally:
            self._forget(ear, frozenset(topics))

    def watch(self, prefix: str, callback: Callable[[str], None]) -> Callable[[], None]:
        watcher = _Watcher(prefix, callback)
        self._watchers.add(watcher)
        return partial(self._watchers.discard, watcher)

    def _ears_for(self, topic: str) -> set[Ear]:
        if topic == EVERYTHING:
            return set().union(*self._ears.values())
        return self._ears.get(topic, set())

    def _forget(self, ear: Ear, topics: frozenset[str]) -> None:
        for topic in topics:
            ears = self._ears[topic]
            ears.remove(ear)
            if not ears:
                del self._ears[topic]


# Compared by identity: the same callback may watch the same prefix twice, and each is ended alone.
@dataclass(frozen=True, slots=True, eq=False)
class _Watcher:
    prefix: str
    callback: Callable[[str], None]

    def tell(self, topic: str) -> None:
        if topic == EVERYTHING:
            topic = self.prefix
        if topic.startswith(self.prefix):
            asyncio.get_running_loop().call_soon(self.callback, topic)
