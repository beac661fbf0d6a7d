"""The test clock: the time of a test server, which its developers move forward.

The whole server follows it: people, jobs, deadlines, sessions. Who is outside does not: see
`outside`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain import jobs
from domain.decisions import decision
from domain.refusals import Refusal
from models.test_clock import TestClock
from realtime import bus

TOPIC: Final = "clock"
STEP_MAX_SECONDS: Final = 400 * 24 * 60 * 60
AHEAD_MAX_SECONDS: Final = 10 * 365 * 24 * 60 * 60

_NAME: Final = "test"
_NOT_AHEAD: Final = timedelta()

_ahead: timedelta | None = None


class TestClockUnavailable(Refusal):
    """This server is not in test mode: its time is everybody's."""

    def __init__(self) -> None:
        super().__init__("The clock can be moved in test mode only.")


class TestClockStepInvalid(Refusal):
    """The step is not forward, or longer than 400 days."""

    def __init__(self) -> None:
        super().__init__("The clock is moved forward, by at most 400 days at a time.")


class TestClockTooFar(Refusal):
    """The step would take the clock more than ten years ahead of the real time."""

    def __init__(self) -> None:
        super().__init__("The clock can be at most ten years ahead.")


READ_REFUSALS: Final = (TestClockUnavailable,)
ADVANCE_REFUSALS: Final = (TestClockUnavailable, TestClockStepInvalid, TestClockTooFar)


def install(*, is_test: bool) -> None:
    """Gives this process a test clock, as far ahead as nothing until `follow`; or takes it away."""
    global _ahead
    _ahead = _NOT_AHEAD if is_test else None


def ahead() -> timedelta:
    """How far this process is ahead of the real time; nothing where there is no test clock."""
    return _ahead or _NOT_AHEAD


def outside(now: datetime) -> datetime:
    """What time it is for those who are not of this server, when it is `now` here.

    For whatever others date or check by clocks of their own, such as signatures.
    """
    return now - ahead()


def require() -> None:
    """Raises TestClockUnavailable where there is no test clock."""
    if _ahead is None:
        raise TestClockUnavailable


async def follow() -> None:
    """Reads how far ahead the server is by now; if that changed, workers look for what is due.

    A process does so whenever `TOPIC` is told, and before it asks the time at all.
    """
    global _ahead
    require()
    found = await read()
    # Two that read at once may end in either order; the clock never goes back.
    if found > ahead():
        _ahead = found
        bus.tell(jobs.TOPIC)


async def read() -> timedelta:
    """How far ahead the server is whose database this is."""
    row = await TestClock.get_or_none(name=_NAME)
    return timedelta(seconds=row.ahead_seconds) if row else _NOT_AHEAD


async def advance(seconds: int) -> None:
    """Moves the clock forward by `seconds`: here before this returns, elsewhere a moment later.

    Two that move it at once move it by both steps.

    Raises:
        TestClockUnavailable: this server is not in test mode.
        TestClockStepInvalid: not 1 to `STEP_MAX_SECONDS`.
        TestClockTooFar: it would be more than `AHEAD_MAX_SECONDS` ahead.
    """
    require()
    if not 0 < seconds <= STEP_MAX_SECONDS:
        raise TestClockStepInvalid
    async with decision() as announce:
        await TestClock.bulk_create([TestClock(name=_NAME, ahead_seconds=0)], ignore_conflicts=True)
        clock = await TestClock.select_for_update().get(name=_NAME)
        if clock.ahead_seconds + seconds > AHEAD_MAX_SECONDS:
            raise TestClockTooFar
        clock.ahead_seconds += seconds
        await clock.save(update_fields=["ahead_seconds"])
        announce(TOPIC)
    await follow()
