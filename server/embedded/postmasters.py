"""A postmaster is the running PostgreSQL of a cluster: started, waited for, stopped."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.embedded import parameters, processes
from server.embedded.clusters import Cluster
from server.embedded.processes import POLL_SECONDS
from server.embedded.refusals import EmbeddedPostgresRefused

# After a crash up to max_wal_size (1 GB) is replayed first; giving up would only begin it again.
READY_SECONDS = 900
PASSING_SECONDS = 10
LOG_BYTES = 8 * 1024 * 1024

# What passes by itself: somebody took the port between choosing and binding; backends of a killed
# postmaster are still ending.
_PASSING = (b"could not create any TCP/IP sockets", b"pre-existing shared memory block")
# Below the range of outgoing connections: there, a client that keeps trying a dead port of its own
# machine ends up connected to itself.
_PORTS = range(16384, 32768)
_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW


@dataclass(frozen=True)
class Postmaster:
    """A PostgreSQL that takes connections on 127.0.0.1 at `port`."""

    process: subprocess.Popen[bytes]
    port: int

    def stop(self) -> None:
        """Stops it and waits, 45 seconds at most; stopping again changes nothing."""
        if self.process.poll() is None:
            processes.end(self.process.pid, is_gone=lambda: self.process.poll() is not None)


def start(cluster: Cluster, settings: Mapping[str, str]) -> Postmaster:
    """Starts PostgreSQL on `cluster` and returns when it takes connections.

    The data folder's lock is held. One left over from a killed uPay is stopped first.

    Raises:
        EmbeddedPostgresRefused: it does not start; the sentence has the last lines of its log.
    """
    _stop_left_over(cluster)
    give_up_at = time.monotonic() + PASSING_SECONDS
    with _opened(cluster) as log:
        while (postmaster := _tried(cluster, settings, log)) is None:
            if time.monotonic() > give_up_at:
                raise _failed(cluster, log)
            time.sleep(POLL_SECONDS)
        return postmaster


def _stop_left_over(cluster: Cluster) -> None:
    """Stops the postmaster of a uPay that was killed, and forgets one that is gone.

    PostgreSQL itself asks only whether the recorded process exists, and would not start when the
    number went to another program meanwhile.
    """
    record = cluster.data / "postmaster.pid"
    first = next(iter(_lines(record)), "")
    if first.isdecimal() and _is_postmaster(int(first), cluster):
        pid = int(first)
        processes.end(pid, is_gone=lambda: not _is_postmaster(pid, cluster))
    # Should one live on after all, PostgreSQL still finds its shared memory and does not start.
    record.unlink(missing_ok=True)


def _is_postmaster(pid: int, cluster: Cluster) -> bool:
    return f"/postgres -D {cluster.data} " in processes.command_line(pid)


def _opened(cluster: Cluster) -> IO[bytes]:
    log = cluster.log
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.old"))
    opened = open(os.open(log, _APPENDING, 0o600), "r+b", buffering=0)  # noqa: SIM115 - returned.
    cluster.account.own(log)
    return opened


def _tried(cluster: Cluster, settings: Mapping[str, str], log: IO[bytes]) -> Postmaster | None:
    """One try; None when it failed for a reason that passes."""
    port = _free_port()
    said_before = log.seek(0, os.SEEK_END)
    options = ["-D", str(cluster.data), "-p", str(port), *parameters.arguments(settings)]
    process = cluster.account.launch([cluster.programs / "postgres", *options], log)
    with ExitStack() as undo:
        undo.callback(Postmaster(process, port).stop)
        if _becomes_ready(process, cluster):
            undo.pop_all()
            return Postmaster(process, port)
    log.seek(said_before)
    said = log.read()
    if any(reason in said for reason in _PASSING):
        return None
    raise _failed(cluster, log)


def _free_port() -> int:
    while True:
        port = secrets.choice(_PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _becomes_ready(process: subprocess.Popen[bytes], cluster: Cluster) -> bool:
    """False when it ended instead, or took too long."""
    give_up_at = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        if _is_ready(process.pid, cluster.data / "postmaster.pid"):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _is_ready(pid: int, record: Path) -> bool:
    # The eighth line is the state; pg_ctl waits for it in the same way.
    lines = _lines(record)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _lines(record: Path) -> list[str]:
    try:
        return record.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _failed(cluster: Cluster, log: IO[bytes]) -> EmbeddedPostgresRefused:
    log.seek(max(log.seek(0, os.SEEK_END) - 4096, 0))
    last = log.read().decode(errors="replace").splitlines()[-5:]
    return EmbeddedPostgresRefused(
        f"PostgreSQL did not start: set right what the last lines of {cluster.log} name, which "
        f"are: {' | '.join(last)}"
    )
