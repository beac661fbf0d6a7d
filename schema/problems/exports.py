"""Problems around fetching what uPay keeps about oneself."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.exports import refusals
from schema.problems.base import Problem, names


@names(refusals.ExportUnderWay, code="EXPORT_UNDER_WAY")
@strawberry.type(description="An export is being made already.")
class ExportUnderWay(Problem):
    pass


@names(refusals.TooManyExports, code="TOO_MANY_EXPORTS")
@strawberry.type(description="Three exports were asked for within a day.")
class TooManyExports(Problem):
    again_at: datetime = strawberry.field(description="When another one can be asked for.")
