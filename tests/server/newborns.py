"""The nursery's own process: `python -m tests.server.newborns`, started by `nursery.opened`.

A child is put where a fresh interpreter would have been put by `Popen`, and then runs the same
module: what it has imported already is all that tells them apart.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import runpy
import socket
import sys
from importlib import import_module
from typing import Any, Final

from server import commands, later

WISH_BYTES: Final = 262_144
STREAMS: Final = (0, 1, 2)


def main() -> None:
    """Returns in each child when its program has ended, and here when nobody can ask any more."""
    gc.disable()
    for each in pkgutil.iter_modules(commands.__path__):
        import_module(f"server.commands.{each.name}")
    for module in later.MODULES:
        import_module(module)
    # What children share stays shared: a collector that looks through it would copy it.
    gc.freeze()
    gc.enable()
    assert len(os.listdir("/proc/self/task")) == 1, "a fork takes only one thread along"
    asked = socket.socket(fileno=int(sys.argv[1]))
    if wish := _next_to_become(asked):
        runpy.run_module(wish["program"], run_name="__main__", alter_sys=True)


def _next_to_become(asked: socket.socket) -> dict[str, Any] | None:
    """The wish, in the child that is to fulfil it; None when the asking has ended."""
    while True:
        words, files, _, _ = socket.recv_fds(asked, WISH_BYTES, len(STREAMS))
        if not words:
            return None
        wish: dict[str, Any] = json.loads(words)
        if "ended" in wish:
            _, status = os.waitpid(wish["ended"], 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())
        elif os.fork() == 0:
            _take_place(wish, files)
            asked.send(str(os.getpid()).encode())
            asked.close()
            return wish
        for file in files:
            os.close(file)


def _take_place(wish: dict[str, Any], files: list[int]) -> None:
    os.setsid()
    os.chdir(wish["cwd"])
    os.environ.clear()
    os.environ.update(wish["env"])
    sys.path[0] = wish["cwd"]
    sys.argv[1:] = wish["words"]
    for file, stream in zip(files, STREAMS, strict=True):
        os.dup2(file, stream)
        os.close(file)


if __name__ == "__main__":
    main()
