"""The clock of a test server."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.problems import test_clock as problems


@strawberry.input
class AdvanceTestClockInput:
    seconds: int = strawberry.field(
        description="By how many seconds; 1 to 34,560,000, which is 400 days."
    )


@strawberry.type(description="The clock of a test server, which the whole server goes by.")
class TestClock:
    now: datetime = strawberry.field(description="What time it is on this server.")


@strawberry.type(
    description="It is later. What became due meanwhile is done within a moment. Quotes and "
    "sessions go by the same clock: refresh yours when it has run out."
)
class TestClockAdvanced:
    now: datetime = strawberry.field(description="What time it is on this server.")


TestClockResult = Annotated[
    TestClock | problems.TestClockUnavailable, strawberry.union("TestClockResult")
]
AdvanceTestClockResult = Annotated[
    TestClockAdvanced
    | problems.TestClockUnavailable
    | problems.TestClockStepInvalid
    | problems.TestClockTooFar,
    strawberry.union("AdvanceTestClockResult"),
]
