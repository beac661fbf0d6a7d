"""How much each caller may ask in a minute, in points: the dearer the operation, the more of them.

The windows are fixed and begin with a caller's first operation. A window that moves would keep an
entry per point, and one that slides could only guess when a refused caller may come back; here the
answer to "when" is exact. The price: around the end of a window a caller may ask twice as much.

In one process the counting is a number in a dictionary, 4 µs with everything around it. The memory
storage of `limits`, which counts what several processes share, looks at all its keys on every hit:
33 µs for one caller, 1.7 ms when ten thousand are known.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    from server.rate_windows import SharedWindows

WINDOW_SECONDS: Final = 60
PERSON_POINTS: Final = 6_000
ADDRESS_POINTS: Final = 3_000
CALLERS_KEPT: Final = 50_000

# A process takes a portion of a shared window at once, and asks Redis once for some fifty
# operations; what it took and does not spend is lost to the other processes until the window ends.
_PORTIONS: Final = 50
_SWEPT_AT_ONCE: Final = 8
_ADDRESS_MAX: Final = 64
_NETWORK_BITS: Final = 64  # what one subscriber of an IPv6 provider has to himself, at the least

Header: TypeAlias = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an operation may run, and what its caller has left of `limit` points.

    `remaining` is what this process knows of. After `reset_seconds` the whole limit is back.
    """

    is_allowed: bool
    limit: int
    remaining: int
    reset_seconds: int


@dataclass(slots=True)
class _Purse:
    """What a caller may spend here, and what nobody has taken yet of the shared window."""

    limit: int
    left: int
    unreserved: int
    until: float
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)


class Rates:
    """Counts what callers ask for, in one process or in several that share `windows`.

    While the shared windows are away each process counts by itself: callers are let in as often
    as that many servers would let them in, and never without a limit.
    """

    def __init__(
        self,
        *,
        person_points: int = PERSON_POINTS,
        address_points: int = ADDRESS_POINTS,
        windows: SharedWindows | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._person_points = person_points
        self._address_points = address_points
        self._windows = windows
        self._clock = clock
        self._purses: OrderedDict[UUID | str, _Purse] = OrderedDict()

    async def take(self, *, caller_id: UUID | None, address: str, points: int) -> Verdict:
        """Pays `points` for an operation, if its caller has them; a refused one pays nothing.

        Whoever is known is counted by person, and a merchant with all its keys as one; anybody else
        by address (IPv6 by its /64). What costs more than a whole window costs a whole window.
        """
        if caller_id is None:
            caller: UUID | str = _subscriber(address)
            limit = self._address_points
        else:
            caller, limit = caller_id, self._person_points
        points = min(points, limit)
        now = self._clock()
        purse = self._purses.get(caller)
        if purse is None or purse.until <= now:
            purse = self._opened(caller, limit, now)
        if purse.left < points and purse.unreserved:
            async with purse.filling:
                await self._fill(purse, caller, points, now)
        is_allowed = purse.left >= points
        if is_allowed:
            purse.left -= points
        reset_seconds = max(1, ceil(purse.until - now))
        return Verdict(is_allowed, limit, purse.left + purse.unreserved, reset_seconds)

    async def close(self) -> None:
        """Lets go of the connections to the shared windows."""
        if self._windows is not None:
            await self._windows.close()

    def _opened(self, caller: UUID | str, limit: int, now: float) -> _Purse:
        self._purses.pop(caller, None)
        self._sweep(now)
        is_alone = self._windows is None
        purse = _Purse(
            limit=limit,
            left=limit if is_alone else 0,
            unreserved=0 if is_alone else limit,
            until=now + WINDOW_SECONDS,
        )
        self._purses[caller] = purse
        return purse

    def _sweep(self, now: float) -> None:
        """Forgets a few whose window is over, and the oldest when there are too many."""
        for _ in range(_SWEPT_AT_ONCE):
            oldest = next(iter(self._purses.values()), None)
            if oldest is None or (oldest.until > now and len(self._purses) < CALLERS_KEPT):
                return
            self._purses.popitem(last=False)

    async def _fill(self, purse: _Purse, caller: UUID | str, points: int, now: float) -> None:
        """Takes another portion of the shared window, unless somebody just did."""
        missing = points - purse.left
        if missing <= 0 or not purse.unreserved or self._windows is None:
            return
        asked = max(missing, purse.limit // _PORTIONS)
        taken = await self._windows.take(_name(caller), asked)
        if taken is None:
            purse.left += purse.unreserved
            purse.unreserved = 0
            return
        purse.left += max(0, asked - max(0, taken.total - purse.limit))
        purse.unreserved = max(0, purse.limit - taken.total)
        purse.until = now + taken.seconds_left


def headers(verdict: Verdict) -> list[Header]:
    """What the caller is told, as the IETF's draft 11 of RateLimit header fields writes it."""
    told = [
        (b"ratelimit-policy", _policy(verdict.limit)),
        (b"ratelimit", b'"points";r=%d;t=%d' % (verdict.remaining, verdict.reset_seconds)),
    ]
    if not verdict.is_allowed:
        told.append((b"retry-after", b"%d" % verdict.reset_seconds))
    return told


@lru_cache(maxsize=16)
def _policy(limit: int) -> bytes:
    return b'"points";q=%d;w=%d' % (limit, WINDOW_SECONDS)


def _name(caller: UUID | str) -> str:
    return f"address:{caller}" if isinstance(caller, str) else f"person:{caller.hex}"


@lru_cache(maxsize=10_000)
def _subscriber(address: str) -> str:
    """Whom an address stands for: an IPv4 address for itself, an IPv6 address for its network."""
    if ":" not in address:
        return address[:_ADDRESS_MAX]
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address[:_ADDRESS_MAX]
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _NETWORK_BITS), strict=False))
