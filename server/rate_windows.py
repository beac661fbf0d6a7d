"""Windows of points that several processes count together, in Redis, by the library `limits`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from limits.aio.storage import RedisStorage
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.rates import WINDOW_SECONDS

ANSWER_SECONDS: Final = 0.5
AWAY_SECONDS: Final = 1.0
WIRE_ERRORS: Final = (RedisError, OSError)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What all processes have taken of one window so far, and how long it still lasts."""

    total: int
    seconds_left: float


class SharedWindows:
    """One fixed window for each caller, begun by whoever takes first and gone when it is over.

    Redis may go away and come back: nobody waits for it longer than half a second, once a second
    somebody tries it again, and each absence is logged once.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
        )
        scheme = "async+redis+" if url.startswith("unix") else "async+"
        self._storage = RedisStorage(
            scheme + url,
            implementation="redispy",
            key_prefix="upay:rates",
            connection_pool=self._pool,  # type: ignore[arg-type]
        )
        self._clock = clock
        self._is_away = False
        self._next_try = 0.0

    async def take(self, caller: str, points: int) -> Taken | None:
        """Adds `points` to the window of `caller`, however full it is; None while Redis is away."""
        now = self._clock()
        if self._is_away:
            if now < self._next_try:
                return None
            self._next_try = now + AWAY_SECONDS
        try:
            total = await self._storage.incr(caller, WINDOW_SECONDS, points)
            # Whoever took first began the window; the others ask how old it is.
            began_here = total == points
            seconds_left = WINDOW_SECONDS if began_here else await self._seconds_left(caller)
        except WIRE_ERRORS as error:
            self._miss(error)
            return None
        self._find()
        return Taken(total, seconds_left)

    async def close(self) -> None:
        await self._pool.disconnect()

    async def _seconds_left(self, caller: str) -> float:
        rounded = await self._storage.get_expiry(caller) - time.time()
        # Redis rounds to whole seconds: rather half a second late than a promise that is not kept.
        return min(WINDOW_SECONDS, max(0.0, rounded) + 0.5)

    def _miss(self, error: Exception) -> None:
        self._next_try = self._clock() + AWAY_SECONDS
        if not self._is_away:
            self._is_away = True
            # The kind only: its words could name the address with its password.
            _log.warning(
                "Redis is away (%s): until it is back, this process counts its callers by itself",
                type(error).__name__,
            )

    def _find(self) -> None:
        if self._is_away:
            self._is_away = False
            _log.info("Redis is back: callers are counted together again")
