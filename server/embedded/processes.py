"""Processes of the operating system: what one is, and ending it for certain."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.01

# PostgreSQL's three: politely (a checkpoint, no recovery later), at once (recovery at the next
# start), by force (the same, and its children find out by themselves).
_ENDINGS = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))


def command_line(pid: int) -> str:
    """How the process was started; empty when there is none, or only its exit code is left."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        return ""
    listed = subprocess.run(  # noqa: S603 - a system program and a number.
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=10,
    )
    return listed.stdout.strip()


def end(pid: int, *, is_gone: Callable[[], bool]) -> None:
    """Ends the process and returns when it is gone, after 45 seconds at most."""
    for sign, patience_seconds in _ENDINGS:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        give_up_at = time.monotonic() + patience_seconds
        while time.monotonic() < give_up_at:
            if is_gone():
                return
            time.sleep(POLL_SECONDS)
