"""Group commit: what waits while one batch is being committed is the next batch.

No timer and no added delay: a lone command is a batch of one.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeAlias

import asyncpg

from domain.ledger import wire
from domain.ledger.commands import Command, Posted
from domain.refusals import Busy, OutcomeUnknown
from domain.tallies import LedgerTally
from realtime import bus

MAX_BATCH: Final = 128
MAX_WAITING: Final = 2_048
PATIENCE_SECONDS: Final = 8.0
"""How long a batch whose answer was lost is asked for again before its callers are told so."""

REST_SECONDS: Final = 1.0
"""How long a connection may take to come to rest; then another takes its place."""

# The last is what asyncpg says of a connection that was killed while nobody was using it.
_LOST: Final = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# A serialization failure and a deadlock; then cancelled, shutdown, crash, start-up and no room for
# another connection, after which the batch may or may not have been committed.
_PASSING: Final = frozenset({"40001", "40P01", "57014", "57P01", "57P02", "57P03", "53300"})


@dataclass(slots=True)
class _Waiting:
    command: Command
    answer: asyncio.Future[Posted]
    since: float


Watcher: TypeAlias = Callable[[int, float], None]
"""Hears of each batch that was posted: how many commands it held, and how many seconds it took."""


class PostingQueue:
    """The commands of one process on their way to one database, one batch at a time.

    `tally` is what was posted so far, `watcher` hears of each batch.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.tally = LedgerTally()
        self.watcher: Watcher | None = None
        self._pool = pool
        self._began: float | None = None
        self._waiting: deque[_Waiting] = deque()
        self._draining: asyncio.Task[None] | None = None

    async def post(self, command: Command) -> Posted:
        """Posts one command with whatever else is waiting, and returns its own answer.

        A caller that is cancelled leaves its command in the batch: the key tells what became of it.

        Raises:
            Busy: too many are waiting; nothing was recorded.
            OutcomeUnknown: the database stayed away; the same key gives the answer later.
        """
        if len(self._waiting) >= MAX_WAITING:
            self.tally.commands["busy"] += 1
            raise Busy
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Posted] = loop.create_future()
        self._waiting.append(_Waiting(command, answer, monotonic()))
        if self._draining is None:
            # A clean context: the batch belongs to no caller's transaction, identity or log line.
            self._draining = loop.create_task(self._drain(), context=Context())
        return await answer

    @property
    def waiting(self) -> int:
        """How many commands wait for the batch under way to end."""
        return len(self._waiting)

    def under_way_seconds(self) -> float:
        """How long the batch under way has been at it; 0 when there is none."""
        began = self._began
        return 0.0 if began is None else monotonic() - began

    async def settled(self) -> None:
        """Returns when nothing is waiting and nothing is under way."""
        while self._draining is not None:
            await asyncio.wait([self._draining])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                self._began = monotonic()
                await self._settle(self._next_batch())
        finally:
            self._draining = self._began = None

    def _next_batch(self) -> list[_Waiting]:
        """The longest run of waiting commands that name nothing twice: see `_names`."""
        batch: list[_Waiting] = []
        named: set[object] = set()
        while self._waiting and len(batch) < MAX_BATCH:
            names = _names(self._waiting[0].command)
            if not named.isdisjoint(names):
                break
            named.update(names)
            batch.append(self._waiting.popleft())
        return batch

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Posts until every caller has an answer that is true in the books."""
        # Not the loop's clock, which stands still for a millisecond.
        now = monotonic
        began = now()
        deadline = began + PATIENCE_SECONDS
        pause_seconds = 0.005
        while True:
            try:
                answers = await self._send(batch, max(deadline - now(), pause_seconds))
            except Exception as error:  # noqa: BLE001 - handed to whoever's command it is.
                if not _passes(error):
                    await self._isolate(batch, error)
                    return
            else:
                self._resolve(batch, answers, now())
                if self.watcher is not None:
                    self.watcher(len(batch), now() - began)
                bus.tell(*(topic for answer in answers for topic in answer.topics))
                return
            # The same keys again: what was committed replays, what was not is done now.
            if now() + pause_seconds > deadline:
                self._give_up(batch)
                return
            await asyncio.sleep(pause_seconds * random.uniform(0.5, 1))  # noqa: S311
            pause_seconds = min(pause_seconds * 2, 0.5)

    async def _send(self, batch: Sequence[_Waiting], seconds: float) -> list[Posted]:
        async with asyncio.timeout(seconds):
            connection = await self._pool.acquire()
        try:
            commands = [waiting.command for waiting in batch]
            return await wire.send(connection, commands, timeout_seconds=seconds)
        finally:
            await self._pool.release(connection, timeout=REST_SECONDS)

    async def _isolate(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """One command broke the statement for all; alone it breaks only its own."""
        if len(batch) == 1:
            self._refuse(batch[0], error, "broken")
            return
        middle = len(batch) // 2
        await self._settle(batch[:middle])
        await self._settle(batch[middle:])

    def _give_up(self, batch: Sequence[_Waiting]) -> None:
        """The batch may have been recorded; what is still waiting was never sent."""
        for waiting in batch:
            self._refuse(waiting, OutcomeUnknown(), "unknown")
        while self._waiting:
            self._refuse(self._waiting.popleft(), Busy(), "busy")

    def _resolve(
        self, batch: Sequence[_Waiting], answers: Sequence[Posted], now_seconds: float
    ) -> None:
        self.tally.batches.add(len(batch))
        for waiting, answer in zip(batch, answers, strict=True):
            self.tally.commands[answer.outcome] += 1
            self.tally.seconds.add(now_seconds - waiting.since)
            if not waiting.answer.done():
                waiting.answer.set_result(answer)

    def _refuse(self, waiting: _Waiting, error: Exception, outcome: str) -> None:
        self.tally.commands[outcome] += 1
        if not waiting.answer.done():
            waiting.answer.set_exception(error)


def _passes(error: Exception) -> bool:
    """Whether the same batch may get through later: a conflict, or the wire broke."""
    if isinstance(error, asyncpg.PostgresConnectionError):
        return True
    if isinstance(error, asyncpg.PostgresError):
        return error.sqlstate in _PASSING
    return isinstance(error, _LOST)


def _names(command: Command) -> set[object]:
    names: set[object] = {(command.key.owner_id, command.key.key), command.movement_id}
    names.update(filter(None, (command.challenge_id, command.order_id)))
    return names
