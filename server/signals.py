"""Being asked to stop: Ctrl-C, `kill`, a closed terminal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import uvloop

T = TypeVar("T")

ASKING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt_when_asked() -> None:
    """From here on, being asked to stop raises KeyboardInterrupt, so that every block is left."""
    for number in _heeded():
        signal.signal(number, signal.default_int_handler)


def interrupt_when_impatient() -> None:
    """From here on only Ctrl-C raises KeyboardInterrupt: to stop was asked for, and may come twice.

    `make` and a container's first process pass on what they were told themselves.
    """
    for number in _heeded():
        impatient = number == signal.SIGINT
        signal.signal(number, signal.default_int_handler if impatient else signal.SIG_IGN)


def ignore() -> None:
    """From here on, being asked to stop changes nothing: there is nothing left to stop."""
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)


def run(main: Callable[[Stop], Coroutine[Any, Any, T]]) -> T:
    """Runs `main` in a loop of its own; being asked to stop cancels it.

    Raises:
        KeyboardInterrupt: it was asked to stop, and did.
    """
    stop = Stop()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_heeding(main, stop))
    except asyncio.CancelledError:
        if stop.asked.is_set():
            raise KeyboardInterrupt from None
        raise
    finally:
        # A closed loop leaves the system's own handlers behind, which would just end us.
        interrupt_when_asked()


class Stop:
    """Whether this process was asked to stop (`asked`), and impatiently so (`forced`)."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.forced = asyncio.Event()
        self._is_gentle = False
        self._main: asyncio.Task[Any] | None = None

    @contextmanager
    def gently(self) -> Iterator[None]:
        """During the block, being asked only sets `asked`, and a second Ctrl-C `forced`."""
        self._is_gentle = True
        try:
            yield
        finally:
            self._is_gentle = False

    def ask(self, number: int = signal.SIGTERM) -> None:
        """Does what the signal `number` does."""
        is_again = self.asked.is_set()
        if is_again and number != signal.SIGINT:
            return  # `make` and a container's first process pass on what they were told themselves
        if is_again:
            self.forced.set()
        self.asked.set()
        if self._main is not None and not self._is_gentle:
            self._main.cancel()

    def cancels(self, task: asyncio.Task[Any]) -> None:
        """Makes `task` the one that ends when this process is asked to stop."""
        self._main = task


async def _heeding(main: Callable[[Stop], Coroutine[Any, Any, T]], stop: Stop) -> T:
    task = asyncio.current_task()
    assert task is not None
    stop.cancels(task)
    for number in _heeded():
        asyncio.get_running_loop().add_signal_handler(number, stop.ask, number)
    return await main(stop)


def _heeded() -> list[signal.Signals]:
    # A signal that was being ignored, as under nohup, stays ignored.
    return [number for number in ASKING if signal.getsignal(number) is not signal.SIG_IGN]
