"""Who is at the door: tokens become identities, looked up once and remembered for seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from domain import sessions
from domain.sessions import Identity
from models.sessions import Audience

REMEMBERED_FOR: Final = timedelta(seconds=5)
REMEMBERED_AT_MOST: Final = 10_000


class Door:
    """Answers who a token belongs to.

    A session that ends is forgotten as soon as the bus says so, and after five seconds at the
    latest.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[Identity, datetime]] = OrderedDict()
        self._hints_heard = 0

    async def identify(self, token: str, audience: Audience) -> Identity | None:
        """Whoever holds this access token, if it opens this API now."""
        now = self._clock()
        known = self._known.get(token)
        if known is None or known[1] <= now:
            hints_before = self._hints_heard
            identity = await sessions.identity(token, now)
            if identity is None:
                return None
            await sessions.note_seen(identity, now)
            # A hint heard meanwhile may have been about this session: it is asked again next time.
            if hints_before == self._hints_heard:
                self._remember(token, identity, now)
        else:
            identity = known[0]
        return identity if identity.audience is audience else None

    async def still_lives(self, identity: Identity) -> bool:
        """Whether the session an open socket began with is there yet."""
        now = self._clock()
        is_open = bool(await sessions.live([identity.session_id], now))
        if is_open:
            await sessions.note_seen(identity, now)
        return is_open

    def forget(self, topic: str) -> None:
        """Hears `session:<id>` from the bus; the bare prefix means that any may have ended."""
        self._hints_heard += 1
        ended = topic.removeprefix("session:")
        for token, (identity, _) in list(self._known.items()):
            if not ended or str(identity.session_id) == ended:
                del self._known[token]

    def _remember(self, token: str, identity: Identity, now: datetime) -> None:
        self._known[token] = (identity, min(now + REMEMBERED_FOR, identity.until))
        self._known.move_to_end(token)
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)
