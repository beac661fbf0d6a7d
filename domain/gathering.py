"""Questions of many callers, asked of the database together: what waits is the next round trip.

No timer and no added delay: a lone question goes out alone, and what comes while an answer is under
way goes out with the next.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from models.database import Client, client

Q = TypeVar("Q")
A = TypeVar("A")

MAX_TOGETHER: Final = 128


@dataclass(slots=True)
class _Waiting(Generic[Q, A]):
    question: Q
    answer: asyncio.Future[A]


class Gathering(Generic[Q, A]):
    """Asks `together` what single callers want to know, outside of any of their transactions.

    `together` answers questions in their order. Two whose `name` is the same never go together.
    """

    def __init__(
        self,
        together: Callable[[Client, Sequence[Q]], Awaitable[Sequence[A]]],
        *,
        name: Callable[[Q], Hashable],
    ) -> None:
        self.together = together
        self.name = name
        # A queue for each database: tests go through many.
        self._queues: WeakKeyDictionary[Client, _Queue[Q, A]] = WeakKeyDictionary()

    async def ask(self, question: Q) -> A:
        """The answer to one question; whatever goes wrong goes wrong for all who asked with it."""
        database = client()
        queue = self._queues.get(database)
        if queue is None:
            queue = self._queues[database] = _Queue(self)
        return await queue.ask(database, question)


class _Queue(Generic[Q, A]):
    def __init__(self, gathering: Gathering[Q, A]) -> None:
        self._gathering = gathering
        self._waiting: deque[_Waiting[Q, A]] = deque()
        self._draining: asyncio.Task[None] | None = None

    async def ask(self, database: Client, question: Q) -> A:
        loop = asyncio.get_running_loop()
        waiting = _Waiting[Q, A](question, loop.create_future())
        self._waiting.append(waiting)
        if self._draining is None:
            # A clean context: a round trip belongs to no caller's transaction or log line.
            self._draining = loop.create_task(self._drain(database), context=Context())
        return await waiting.answer

    async def _drain(self, database: Client) -> None:
        try:
            while self._waiting:
                await self._settle(database, self._next())
        finally:
            self._draining = None

    def _next(self) -> list[_Waiting[Q, A]]:
        """The longest run of questions of which no two have the same name."""
        found: list[_Waiting[Q, A]] = []
        names: set[Hashable] = set()
        while self._waiting and len(found) < MAX_TOGETHER:
            name = self._gathering.name(self._waiting[0].question)
            if name in names:
                break
            names.add(name)
            found.append(self._waiting.popleft())
        return found

    async def _settle(self, database: Client, asked: Sequence[_Waiting[Q, A]]) -> None:
        try:
            questions = [waiting.question for waiting in asked]
            answers = await self._gathering.together(database, questions)
        except Exception as error:  # noqa: BLE001 - handed to everybody whose question it was
            for waiting in asked:
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)
            return
        for waiting, answer in zip(asked, answers, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(answer)
