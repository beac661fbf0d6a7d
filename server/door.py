"""Who is at the door: tokens become identities, looked up once and remembered for seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from uuid import UUID

from domain import merchants, sessions
from domain.merchants import KeyHolder, api_keys
from domain.sessions import Identity
from models.sessions import Audience

REMEMBERED_FOR: Final = timedelta(seconds=5)
REMEMBERED_AT_MOST: Final = 10_000

T = TypeVar("T", Identity, KeyHolder)


class Door:
    """Answers who a token belongs to, and which merchant a key.

    A session that ends and a key that is revoked are forgotten as soon as the bus says so, and
    after five seconds at the latest.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sessions = _Memory[Identity]()
        self._keys = _Memory[KeyHolder]()

    async def identify(self, token: str, audience: Audience) -> Identity | None:
        """Whoever holds this access token, if it opens this API now."""
        now = self._clock()
        identity = self._sessions.find(token, now)
        if identity is None:
            hints_before = self._sessions.hints_heard
            identity = await sessions.identity(token, now)
            if identity is None:
                return None
            await sessions.note_seen(identity, now)
            # A hint heard meanwhile may have been about this session: it is asked again next time.
            if hints_before == self._sessions.hints_heard:
                until = min(now + REMEMBERED_FOR, identity.until)
                self._sessions.keep(token, identity, identity.session_id, until)
        return identity if identity.audience is audience else None

    async def holder(self, api_key: str) -> KeyHolder | None:
        """Whichever program shows this key of a merchant, if it opens anything now."""
        now = self._clock()
        holder = self._keys.find(api_key, now)
        if holder is None:
            hints_before = self._keys.hints_heard
            holder = await merchants.holder(api_key, now)
            if holder is not None and hints_before == self._keys.hints_heard:
                self._keys.keep(api_key, holder, holder.api_key_id, now + REMEMBERED_FOR)
        return holder

    async def still_lives(self, caller: Identity | KeyHolder) -> bool:
        """Whether the session or the key that an open socket began with is there yet."""
        if isinstance(caller, KeyHolder):
            return bool(await api_keys.live([caller.api_key_id]))
        now = self._clock()
        is_open = bool(await sessions.live([caller.session_id], now))
        if is_open:
            await sessions.note_seen(caller, now)
        return is_open

    def forget(self, topic: str) -> None:
        """Hears `session:<id>` from the bus; the bare prefix means that any may have ended."""
        self._sessions.forget(topic.removeprefix("session:"))

    def forget_key(self, topic: str) -> None:
        """Hears `api_key:<id>` from the bus; the bare prefix means that any may be revoked."""
        self._keys.forget(topic.removeprefix("api_key:"))


class _Memory(Generic[T]):
    """Who showed what, for seconds; `hints_heard` grows with everything that is forgotten."""

    def __init__(self) -> None:
        self.hints_heard = 0
        self._known: OrderedDict[str, tuple[T, UUID, datetime]] = OrderedDict()

    def find(self, shown: str, now: datetime) -> T | None:
        known = self._known.get(shown)
        return None if known is None or known[2] <= now else known[0]

    def keep(self, shown: str, caller: T, id: UUID, until: datetime) -> None:
        self._known[shown] = (caller, id, until)
        self._known.move_to_end(shown)
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)

    def forget(self, ended: str) -> None:
        self.hints_heard += 1
        for shown, (_, id, _) in list(self._known.items()):
            if not ended or str(id) == ended:
                del self._known[shown]
