"""Reading and moving the clock of a test server."""

from __future__ import annotations

import strawberry

from domain import test_clock
from domain.merchants import Scope
from schema.context import Info
from schema.problems.base import named
from schema.test_clock import (
    AdvanceTestClockInput,
    AdvanceTestClockResult,
    TestClock,
    TestClockAdvanced,
    TestClockResult,
)


@strawberry.type
class TestClockQueries:
    @strawberry.field(description="What time it is on a test server.")
    async def test_clock(self, info: Info) -> TestClockResult:
        await _check_asker(info)
        try:
            test_clock.require()
        except test_clock.READ_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TestClock(now=info.context.now)


@strawberry.type
class TestClockMutations:
    @strawberry.mutation(
        description="Moves the clock of a test server forward, for everybody on it; never back."
    )
    async def advance_test_clock(
        self, info: Info, input: AdvanceTestClockInput
    ) -> AdvanceTestClockResult:
        await _check_asker(info)
        try:
            await test_clock.advance(input.seconds)
        except test_clock.ADVANCE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TestClockAdvanced(now=info.context.clock())


async def _check_asker(info: Info) -> None:
    """A program needs a key that was made for this; of people it is enough to be signed in."""
    if info.context.key_holder is not None:
        await info.context.acting(Scope.SANDBOX)
        return
    info.context.person  # noqa: B018 - whoever is not signed in learns nothing
