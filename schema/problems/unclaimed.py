"""Problems around transfers to telephone numbers that are nobody's yet."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain import unclaimed
from schema.problems.base import Problem, names


@names(unclaimed.TooManyUnclaimed, code="TOO_MANY_UNCLAIMED", field="toUnclaimedPhone")
@strawberry.type(description="Five transfers of yours wait to be claimed: wait, or cancel one.")
class TooManyUnclaimed(Problem):
    pass


@names(unclaimed.NotClaimable, code="NOT_CLAIMABLE", field="transferId")
@strawberry.type(description="The transfer cannot be claimed; why is between its payer and uPay.")
class NotClaimable(Problem):
    claimable_from: datetime | None = strawberry.field(
        description="From when on it can be; null when it cannot any more."
    )
