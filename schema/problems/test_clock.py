"""Problems around the clock of a test server."""

from __future__ import annotations

import strawberry

from domain import test_clock
from schema.problems.base import Problem, names


@names(test_clock.TestClockUnavailable, code="TEST_CLOCK_UNAVAILABLE")
@strawberry.type(description="This server is not in test mode: its time is everybody's.")
class TestClockUnavailable(Problem):
    pass


@names(test_clock.TestClockStepInvalid, code="TEST_CLOCK_STEP_INVALID", field="seconds")
@strawberry.type(description="The step is not from 1 second to 400 days.")
class TestClockStepInvalid(Problem):
    pass


@names(test_clock.TestClockTooFar, code="TEST_CLOCK_TOO_FAR", field="seconds")
@strawberry.type(description="The clock would be more than ten years ahead of the real time.")
class TestClockTooFar(Problem):
    pass
