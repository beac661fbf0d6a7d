"""Several processes behind one address: started together, replaced one by one, stopped together."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

from realtime.bus import BusUnreachable
from server import logs, running, signals
from server.foundations import Foundations
from server.refusals import Refused
from server.signals import Stop

READY_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 2.0
STOP_SECONDS: Final = 9.0
"""What one of them needs at most once it drained; a container has ten before it is killed."""

_log = logging.getLogger(__name__)
# A fork would share the loop, the locks and the randomness of this process.
_processes: Final = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class _Worker:
    """A process and our end of the pipe to it: it says once that it is ready, and ends when cut."""

    process: BaseProcess
    lifeline: Connection
    began: float


def serve(
    foundations: Foundations, listener: socket.socket, *, on_ready: Callable[[], None]
) -> None:
    """Keeps as many processes answering as the settings say, until this one is interrupted.

    Raises:
        Refused: one of them did not come up at the start; later, another is tried.
    """
    workers: list[_Worker] = []
    try:
        while len(workers) < foundations.settings.workers:
            # One by one: whoever was started is stopped even when the next one cannot be.
            workers.append(_started(foundations, listener))
        for worker in workers:
            _await_ready(worker)
        on_ready()
        while True:
            wait([worker.process.sentinel for worker in workers])
            workers = [_lasting(worker, foundations, listener) for worker in workers]
    finally:
        # Open here, it would go on letting callers in who then wait for nobody.
        listener.close()
        _stop(workers, STOP_SECONDS + foundations.settings.drain_seconds)


def _started(foundations: Foundations, listener: socket.socket) -> _Worker:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_answer, args=(foundations, listener, theirs))
    # Inherited from here: Ctrl-C in a terminal reaches every process of the group, and it is this
    # one that tells the others when to stop.
    heeding = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, heeding)
    theirs.close()
    return _Worker(process, ours, time.monotonic())


def _await_ready(worker: _Worker) -> None:
    wait([worker.lifeline, worker.process.sentinel], READY_SECONDS)
    try:
        if worker.lifeline.poll():
            worker.lifeline.recv_bytes()
            return
    except (EOFError, OSError):
        pass
    raise Refused(
        "A process that was to answer requests did not come up: set right what it said above."
    )


def _lasting(worker: _Worker, foundations: Foundations, listener: socket.socket) -> _Worker:
    """The worker while it lives, else another in its place."""
    if worker.process.is_alive():
        return worker
    _log.error("process %s ended with %s", worker.process.pid, worker.process.exitcode)
    worker.lifeline.close()
    # What cannot start at all, because Redis is away for instance, is not tried in a hurry.
    time.sleep(max(0.0, worker.began + PAUSE_SECONDS - time.monotonic()))
    return _started(foundations, listener)


def _stop(workers: list[_Worker], seconds: float) -> None:
    signals.interrupt_when_impatient()
    # A second Ctrl-C: they are not waited for.
    with suppress(KeyboardInterrupt):
        for worker in workers:
            worker.process.terminate()
            worker.lifeline.close()
        give_up_at = time.monotonic() + seconds
        for worker in workers:
            worker.process.join(max(0.0, give_up_at - time.monotonic()))
    for worker in workers:
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _answer(foundations: Foundations, listener: socket.socket, lifeline: Connection) -> None:
    """The whole life of one process."""
    logs.begin(foundations.settings.log_level, foundations.settings.log_format)
    try:
        signals.run(lambda stop: _answering(foundations, listener, lifeline, stop))
    except BusUnreachable as unreachable:
        sys.exit(f"uPay: {unreachable}")
    except KeyboardInterrupt:
        return


async def _answering(
    foundations: Foundations, listener: socket.socket, lifeline: Connection, stop: Stop
) -> None:
    loop = asyncio.get_running_loop()

    def cut() -> None:
        # The other end closes when our starter ends, also when it is killed.
        loop.remove_reader(lifeline.fileno())
        stop.ask()

    loop.add_reader(lifeline.fileno(), cut)
    await running.serve(foundations, listener, stop, on_ready=lambda: lifeline.send_bytes(b"ready"))
