"""`python -m server` as an operator runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from tests.server import nursery
from tests.server.nursery import Process
from tests.services import free_port

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
COMMAND_SECONDS: Final = 120.0
BORN: Final = "born"
FRESH: Final = "fresh"
POLL_SECONDS: Final = 0.02


class Server:
    """One `python -m server serve` with everything it starts, in a session of its own."""

    def __init__(self, process: Process, port: int, output: Path) -> None:
        self.process = process
        self.port = port
        self._output = output

    @property
    def output(self) -> str:
        """What it has said so far, on both streams."""
        return self._output.read_text()

    def wait_until_it_answers(self) -> None:
        self.wait_until(lambda: "uPay answers" in self.output)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Returns when it is so; fails with what the server said when it ends before."""
        until(lambda: is_so() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output

    def signal(self, number: signal.Signals) -> None:
        """As a terminal does it: to every process of the foreground group."""
        os.killpg(self.process.pid, number)

    def wait(self) -> int:
        """Its exit code."""
        return self.process.wait(STOP_SECONDS)


@contextmanager
def serving(
    folder: Path, *, program: str = "server", start: str = BORN, **settings: str
) -> Iterator[Server]:
    """A server on a free port with its data below `folder`, answering; killed at the end."""
    with started(folder, program=program, start=start, **settings) as server:
        server.wait_until_it_answers()
        yield server


@contextmanager
def started(
    folder: Path,
    command: str = "serve",
    *,
    program: str = "server",
    start: str = BORN,
    **settings: str,
) -> Iterator[Server]:
    """The same, perhaps not yet answering; or another command that goes on until stopped.

    `FRESH` is an interpreter that has imported nothing, for where that is what is being tried.
    """
    port = int(settings.pop("UPAY_PORT", 0)) or free_port()
    output = folder / f"output-{time.monotonic_ns()}"
    surroundings = environment(UPAY_PORT=str(port), **settings)
    with output.open("wb") as stream:
        process = _process((program, command), folder, surroundings, (stream, stream), start=start)
    try:
        yield Server(process, port, output)
    finally:
        for pid in processes_of(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()


def ran(
    folder: Path, *words: str, program: str = "server", start: str = BORN, **settings: str
) -> subprocess.CompletedProcess[str]:
    """A command, run to its end; each is started `FRESH` somewhere."""
    (said, says), (complained, complains) = _pipe(), _pipe()
    with says, complains:
        process = _process(
            (program, *words), folder, environment(**settings), (says, complains), start=start
        )
    with said, complained, ThreadPoolExecutor(2) as readers:
        # They end when the last of those has ended whom it started, and that is waited for too.
        texts = [readers.submit(each.read) for each in (said, complained)]
        try:
            code = process.wait(COMMAND_SECONDS)
        finally:
            process.kill()
        return subprocess.CompletedProcess(words, code, *(each.result() for each in texts))


def environment(**settings: str) -> Mapping[str, str]:
    """Nothing of the developer's own settings, and the code from here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UPAY_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings}


def processes_of(folder: Path) -> list[int]:
    """The processes that work in `folder` or name it in their command line, so ours and theirs."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _belongs(entry, folder)]


def until(is_so: Callable[[], bool], *, seconds: float = READY_SECONDS) -> None:
    """Returns when it is so."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, "it took too long"
        time.sleep(POLL_SECONDS)


def _pipe() -> tuple[IO[str], IO[bytes]]:
    """What is written into the second can be read from the first."""
    reading, writing = os.pipe()
    return open(reading, encoding="utf-8"), open(writing, "wb")


def _process(
    words: Sequence[str],
    folder: Path,
    surroundings: Mapping[str, str],
    streams: tuple[IO[Any], IO[Any]],
    *,
    start: str,
) -> Process:
    program, *rest = words
    with open(os.devnull, "rb") as nothing:
        if start == FRESH or not nursery.IS_POSSIBLE:
            return subprocess.Popen(
                [sys.executable, "-m", program, *rest],
                cwd=folder,
                env=surroundings,
                stdin=nothing,
                stdout=streams[0],
                stderr=streams[1],
                start_new_session=True,
            )
        opened = nursery.opened(environment())
        return opened.born(program, rest, cwd=folder, env=surroundings, streams=(nothing, *streams))


def _belongs(entry: Path, folder: Path) -> bool:
    with suppress(OSError):
        words = (entry / "cmdline").read_bytes()
        place = os.readlink(entry / "cwd")
        return bool(words) and (f"{folder}/".encode() in words or place == str(folder))
    return False
