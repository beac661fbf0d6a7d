"""How the codes of moving a test server's clock come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import test_clock
from tests.api.scenarios.stage import Act, Scenarios, Stage, problem


async def unavailable(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "advanceTestClock", {"seconds": 60})


async def step_invalid(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    _has_a_test_clock(stage)
    return partial(problem, ada.asker, "advanceTestClock", {"seconds": 0})


async def too_far(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    _has_a_test_clock(stage)
    for _ in range(test_clock.AHEAD_MAX_SECONDS // test_clock.STEP_MAX_SECONDS):
        await test_clock.advance(test_clock.STEP_MAX_SECONDS)
    words = {"seconds": test_clock.STEP_MAX_SECONDS}
    return partial(problem, ada.asker, "advanceTestClock", words)


def _has_a_test_clock(stage: Stage) -> None:
    test_clock.install(is_test=True)
    stage.curtain.callback(test_clock.install, is_test=False)


PROBLEMS: Final[Scenarios] = {
    "TEST_CLOCK_UNAVAILABLE": unavailable,
    "TEST_CLOCK_STEP_INVALID": step_invalid,
    "TEST_CLOCK_TOO_FAR": too_far,
}
