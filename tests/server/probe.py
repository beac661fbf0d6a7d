"""Says where it finds itself, and ends with 7 or waits: `python -m tests.server.probe`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

if __name__ == "__main__":
    heeded = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD)
    found = {
        "words": sys.argv,
        "path": sys.path,
        "main": sys.modules["__main__"].__spec__.name,  # type: ignore[union-attr]
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "leads its session": os.getsid(0) == os.getpid() == os.getpgid(0),
        "umask": os.umask(0),
        "signals": [str(signal.getsignal(number)) for number in heeded],
        "masked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "files": sorted(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "input": sys.stdin.read(),
    }
    print(json.dumps(found))
    print("this is the other stream", file=sys.stderr)
    if sys.argv[1:] == ["wait"]:
        signal.pause()
    sys.exit(7)
