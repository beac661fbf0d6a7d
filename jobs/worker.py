"""The worker: takes what is due, does it, tries again what failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from time import monotonic
from typing import Final, TypeAlias

from domain import jobs
from domain.jobs import LeaseLost
from domain.tallies import JobsTally
from jobs import leases, retries
from models.jobs import Job
from realtime import bus
from realtime.bus import Ear

Handler: TypeAlias = Callable[[Job, datetime], Awaitable[None]]
"""Does one job, as of a moment.

It calls `domain.jobs.finish` in the decision that holds the effect. A handler whose effect cannot
happen twice anyway (the ledger's keys see to that) may simply return, and is then finished.
"""

Around: TypeAlias = Callable[[Job], AbstractContextManager[object]]
"""What surrounds each try of a job; an error passes through it."""

CONCURRENCY: Final = 8
LEASE_SECONDS: Final = 15.0
BEATS_PER_LEASE: Final = 3
POLL_SECONDS: Final = 1.0
BREATH_SECONDS: Final = 0.01
GRACE_SECONDS: Final = 3.0

log = logging.getLogger(__name__)


class Worker:
    """The jobs of the kinds in `handlers`, done by this process, `concurrency` of them at a time.

    Any number of workers, in any number of processes, share the table: no job is at two of them.
    A job lasts as long as it needs; a worker that dies loses its jobs after `lease_seconds`.
    `tally` is what was tried so far, by all who were given the same one.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        clock: Callable[[], datetime],
        concurrency: int = CONCURRENCY,
        lease_seconds: float = LEASE_SECONDS,
        around: Around = nullcontext,
        tally: JobsTally | None = None,
    ) -> None:
        self.tally = tally or JobsTally()
        self._around = around
        self._handlers = handlers
        self._clock = clock
        self._concurrency = concurrency
        self._lease_seconds = lease_seconds
        self._running: dict[asyncio.Task[None], Job] = {}
        self._is_stopping = False
        self._ear = Ear()

    async def run(self) -> None:
        """Works until `stop`, or until cancelled; what is not done by then is given back."""
        async with bus.listen(jobs.TOPIC) as self._ear, self._keeping_leases():
            while not self._is_stopping:
                await self._turn()
            await self._wait_for_running(GRACE_SECONDS)

    def stop(self) -> None:
        """Lets `run` return within a few seconds; jobs under way may end by themselves in three."""
        self._is_stopping = True
        self._ear.wake()

    async def run_due(self) -> int:
        """Does whatever is due by the clock, and what that makes due; returns how many it tried."""
        tried = 0
        async with self._keeping_leases():
            while claimed := await self._claim():
                for job in claimed:
                    self._begin(job)
                tried += len(claimed)
                await self._wait_for_running(None)
        return tried

    async def _turn(self) -> None:
        """Fills the free places, then waits until there may be more to do."""
        try:
            free = self._concurrency - len(self._running)
            claimed = await self._claim() if free else []
            for job in claimed:
                self._begin(job)
            if not claimed and free:
                # A hint comes with every posting; what comes in a burst is looked at once.
                await asyncio.sleep(BREATH_SECONDS)
            if len(claimed) < free:
                await self._ear.heard(await self._idle_seconds())
            elif len(self._running) == self._concurrency:
                await self._ear.heard()  # The next job that ends wakes it.
        except Exception:
            log.exception("The jobs could not be read; trying again.")
            await self._ear.heard(POLL_SECONDS)

    async def _claim(self) -> list[Job]:
        return await leases.claim(
            self._handlers,
            now=self._clock(),
            limit=self._concurrency - len(self._running),
            lease_seconds=self._lease_seconds,
        )

    async def _idle_seconds(self) -> float:
        now = self._clock()
        due = await leases.next_due(self._handlers, now=now)
        if due is None:
            return POLL_SECONDS
        return min((due - now).total_seconds(), POLL_SECONDS)

    def _begin(self, job: Job) -> None:
        task = asyncio.create_task(self._do(job))
        self._running[task] = job
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if len(self._running) == self._concurrency:
            self._ear.wake()
        del self._running[task]

    async def _do(self, job: Job) -> None:
        began = monotonic()
        try:
            with self._around(job):
                await self._try(job)
            ending = "done"
        except LeaseLost:
            log.warning("Job %s (%s) was taken over by another worker.", job.id, job.kind)
            ending = "lost"
        except Exception as error:  # noqa: BLE001 - whatever went wrong is tried again
            ending = await self._fail(job, error)
        self.tally.ended[job.kind, ending] += 1
        self.tally.seconds.add(monotonic() - began)

    async def _try(self, job: Job) -> None:
        if job.attempts > retries.MAX_ATTEMPTS:
            raise WorkerDied
        await self._handlers[job.kind](job, self._clock())
        if job.done_at is None:
            await jobs.finish(job, self._clock())

    async def _fail(self, job: Job, error: Exception) -> str:
        """Puts the job back for later, or gives it up; returns which."""
        is_last = job.attempts >= retries.MAX_ATTEMPTS
        now, text = self._clock(), retries.described(error)
        try:
            if is_last:
                log.error("Job %s (%s) is given up: %s", job.id, job.kind, text, exc_info=error)
                await leases.give_up(job, at=now, error=text)
            else:
                log.warning("Job %s (%s) failed: %s", job.id, job.kind, text, exc_info=error)
                await leases.retry(job, at=now + retries.pause(job.attempts), error=text)
        except Exception:
            log.exception("Job %s could not be put back; its lease will run out.", job.id)
        return "given_up" if is_last else "retried"

    @asynccontextmanager
    async def _keeping_leases(self) -> AsyncIterator[None]:
        """Jobs under way stay ours during the block; those left after it are given back."""
        beats = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beats.cancel()
            await self._give_back_running()
            await asyncio.wait([beats])

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / BEATS_PER_LEASE)
            try:
                await leases.keep(self._running.values(), lease_seconds=self._lease_seconds)
            except Exception:
                log.exception("The leases could not be kept; trying again.")

    async def _wait_for_running(self, timeout_seconds: float | None) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_seconds)

    async def _give_back_running(self) -> None:
        running = dict(self._running)
        for task in running:
            task.cancel()
        if not running:
            return
        await asyncio.wait(running)
        await leases.give_back([job for task, job in running.items() if task.cancelled()])


class WorkerDied(Exception):
    """Whoever tried this job never came back to say how it went."""

    def __init__(self) -> None:
        super().__init__("Every worker that tried it died.")
