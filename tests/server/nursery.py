"""Starts of `python -m server` that do not import everything again: forks of one process."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

ROOT: Final = Path(__file__).parents[2]
ANSWER_BYTES: Final = 1024
BIRTH_SECONDS: Final = 60.0
IS_POSSIBLE: Final = hasattr(os, "pidfd_open")
"""Elsewhere than on Linux every start is a fresh one."""


class Process(Protocol):
    """What tests ask of a process, however it was started."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


class Born:
    """A process of the nursery; its number is nobody else's until its exit code was asked for."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._life = os.pidfd_open(pid)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, as of a `Popen`: negative after a signal, None while it lives."""
        if self._code is None and _has_ended(self._life, within_seconds=0):
            self._code = self._nursery.code(self.pid)
            os.close(self._life)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it lives on after `timeout` seconds.
        """
        if self._code is None and not _has_ended(self._life, within_seconds=timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        code = self.poll()
        assert code is not None
        return code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """One process that has imported what a server imports, and forks at a word."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.settimeout(BIRTH_SECONDS)
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.server.newborns", str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def born(
        self,
        program: str,
        words: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        streams: Sequence[IO[Any]],
    ) -> Born:
        """Returns when `python -m program words` has its session, folder and three streams."""
        wish = {"program": program, "words": words, "cwd": str(cwd), "env": dict(env)}
        return Born(self, self._answer(wish, [each.fileno() for each in streams]))

    def code(self, pid: int) -> int:
        """What one that has ended ended with; forgotten once it was told."""
        return self._answer({"ended": pid})

    def close(self) -> None:
        """Ends the nursery, and none of those who were born in it."""
        self._ours.close()
        self._process.wait(BIRTH_SECONDS)

    def _answer(self, wish: Mapping[str, object], files: Sequence[int] = ()) -> int:
        answer = b""
        # One that could not import everything has said why, and hears nothing.
        with self._turn, suppress(ConnectionError):
            socket.send_fds(self._ours, [json.dumps(wish).encode()], files)
            answer = self._ours.recv(ANSWER_BYTES)
        assert answer, f"the nursery ended with {self._process.wait(BIRTH_SECONDS)}"
        return int(answer)


def opened(environment: Mapping[str, str]) -> Nursery:
    """The one nursery of this process, started when it is first asked for."""
    if not _opened:
        _opened.append(Nursery(environment))
        atexit.register(_opened[0].close)
    return _opened[0]


_opened: list[Nursery] = []


def _has_ended(life: int, *, within_seconds: float | None) -> bool:
    # A poll, not a select: long runs have more files open than a select can look at.
    waiting = select.poll()
    waiting.register(life, select.POLLIN)
    return bool(waiting.poll(None if within_seconds is None else within_seconds * 1_000))
