"""The simulator's memory: a file that is only added to, and read again at the start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """What was written survives whatever kills the process."""

    def __init__(self, path: Path) -> None:
        self.past: list[dict[str, Any]] = [json.loads(line) for line in _whole_lines(path)]
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, words: dict[str, Any]) -> None:
        """Returns once `words` are on the disk."""
        os.write(self._file, json.dumps(words).encode() + b"\n")
        os.fsync(self._file)


def _whole_lines(path: Path) -> list[bytes]:
    """The lines; half a line, cut short by a kill, is taken away: nobody was told of it."""
    if not path.exists():
        return []
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        os.truncate(path, len(whole))
    return whole.splitlines()
