"""How much processor a process has used, with all that it started."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _REAPED_SYSTEM = 1, 11, 14  # In /proc/<pid>/stat, counted after the name.
_REAPED: Final = slice(2, 4)  # Of the four times: those of children that have ended.
_IDLE, _WAITING = 3, 4  # In the first line of /proc/stat.


def tree_seconds(pid: int) -> float:
    """User and system time of a process, its living children and those it has outlived."""
    while True:
        own = _times(pid)
        total = sum(own) + sum(sum(_times(child)) for child in _children(pid))
        # A child that ended meanwhile may have been counted twice, or not at all.
        if _times(pid)[_REAPED] == own[_REAPED]:
            return total


def busy_seconds() -> float:
    """How long the processors of this machine have worked, for whomever."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(ticks[:8]) - ticks[_IDLE] - ticks[_WAITING]) / _TICKS


def kibibytes(pid: int) -> int:
    """The memory of one process, what it shares with others divided among them (PSS)."""
    words = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(words.partition("\nPss:")[2].split()[0])


def _children(pid: int) -> list[int]:
    numbers = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [number for number in numbers if _facts(number)[_PARENT : _PARENT + 1] == [str(pid)]]


def _times(pid: int) -> list[float]:
    return [int(ticks) / _TICKS for ticks in _facts(pid)[_USER : _REAPED_SYSTEM + 1]]


def _facts(pid: int) -> list[str]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return re.sub(r"^.*\)", "", stat, flags=re.DOTALL).split()
