"""How the codes of fees and statements come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from models.people import Role
from tests.api.scenarios.stage import WHY, Act, Scenarios, Stage, problem


async def fee_invalid(stage: Stage) -> Act:
    yan = await stage.agent(Role.SUPERVISOR)
    wanted = {
        "currency": "CNY",
        "fixedMinor": -1,
        "ratePpm": 6_000,
        "payer": "MERCHANT",
        "reason": WHY,
    }
    return partial(problem, yan, "setMerchantFee", wanted)


async def day_not_over(stage: Stage) -> Act:
    yan = await stage.agent(Role.SUPERVISOR)
    today = stage.clock().date().isoformat()
    return partial(problem, yan, "runReconciliation", {"day": today, "reason": WHY})


PROBLEMS: Final[Scenarios] = {"FEE_INVALID": fee_invalid, "DAY_NOT_OVER": day_not_over}
