"""Why a fee is not set, and why no statement is fetched."""

from __future__ import annotations

import strawberry

from domain import fees, reconciliation
from schema.problems.base import Problem, names


@names(fees.FeeInvalid, code="FEE_INVALID")
@strawberry.type(description="The fee is too high, negative, or would have been in force before.")
class FeeInvalid(Problem):
    pass


@names(reconciliation.DayNotOver, code="DAY_NOT_OVER", field="day")
@strawberry.type(description="There is no statement of this day: it is not over, or too long ago.")
class DayNotOver(Problem):
    pass
