"""Whose turn it is: a slow endpoint waits for itself, and nobody else waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

AT_ONCE: Final = 4
"""So many tries go to one endpoint at a time, from each process."""

FIRST_GUESS_SECONDS: Final = 0.25
LONGEST_WAIT: Final = timedelta(minutes=5)


class Turns:
    """How many tries each endpoint has under way, and when one more would find room.

    Whoever finds none is given a time to come back, each a little later than the one before, by how
    long this endpoint takes: so a thousand who wait come back once or twice, not every second.
    """

    def __init__(self) -> None:
        self._under_way: Counter[UUID] = Counter()
        self._seconds: dict[UUID, float] = {}
        self._given_until: dict[UUID, datetime] = {}

    def wait_until(self, endpoint_id: UUID, now: datetime) -> datetime | None:
        """When to come back; None when there is room at this moment."""
        if self._under_way[endpoint_id] < AT_ONCE:
            return None
        apart = timedelta(seconds=self._seconds.get(endpoint_id, FIRST_GUESS_SECONDS) / AT_ONCE)
        given = max(now, self._given_until.get(endpoint_id, now)) + apart
        self._given_until[endpoint_id] = given
        return min(given, now + LONGEST_WAIT)

    @contextmanager
    def taken(self, endpoint_id: UUID) -> Iterator[None]:
        """A try is under way during the block."""
        self._under_way[endpoint_id] += 1
        try:
            yield
        finally:
            self._under_way[endpoint_id] -= 1
            if not self._under_way[endpoint_id]:
                self._forget(endpoint_id)

    def took(self, endpoint_id: UUID, seconds: float) -> None:
        """A try that is still under way has taken this long."""
        self._seconds[endpoint_id] = seconds

    def _forget(self, endpoint_id: UUID) -> None:
        """Nothing is under way, so whoever comes finds room: there is nothing to remember."""
        del self._under_way[endpoint_id]
        self._seconds.pop(endpoint_id, None)
        self._given_until.pop(endpoint_id, None)
