"""The simulator's clock: the machine's, and ahead of it by as much as somebody said."""

from __future__ import annotations

import time
from typing import Final

from channels.twins.journal import Journal

_EVENT: Final = "clock_set"


class Clock:
    """Tells the time in Unix seconds; how far it is ahead survives a kill."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ahead_seconds = 0.0
        for words in journal.past:
            if words["event"] == _EVENT:
                self._ahead_seconds = words["ahead_seconds"]

    def __call__(self) -> float:
        return time.time() + self._ahead_seconds

    def set(self, ahead_seconds: float) -> None:
        """From now on it is so many seconds ahead; behind, when negative."""
        self._journal.write({"event": _EVENT, "ahead_seconds": ahead_seconds})
        self._ahead_seconds = ahead_seconds
