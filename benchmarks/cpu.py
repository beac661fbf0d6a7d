"""How much processor a process has used, with all that it started."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _REAPED_SYSTEM = 1, 11, 14  # In /proc/<pid>/stat, counted after the name.


def tree_seconds(pid: int) -> float:
    """User and system time of a process, its living children and those it has outlived."""
    total = sum(_times(pid))
    return total + sum(sum(_times(child)) for child in _children(pid))


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
