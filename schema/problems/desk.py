"""Problems around what agents do."""

from __future__ import annotations

import strawberry

from domain import audit, freezes
from schema.problems.base import Problem, RetryAdvice, names
from schema.problems.codes import ProblemCode


@names(
    audit.ReasonRequired,
    code=ProblemCode.REASON_REQUIRED,
    retry=RetryAdvice.AFTER_FIX,
    field="reason",
)
@strawberry.type(description="Agents give a reason of 3 to 500 characters.")
class ReasonRequired(Problem):
    pass


@names(
    freezes.AlreadyFrozen,
    code=ProblemCode.ALREADY_FROZEN,
    retry=RetryAdvice.NEVER,
    field="customerId",
)
@strawberry.type(description="It is frozen already.")
class AlreadyFrozen(Problem):
    pass


@names(freezes.NotFrozen, code=ProblemCode.NOT_FROZEN, retry=RetryAdvice.NEVER, field="customerId")
@strawberry.type(description="It is not frozen.")
class NotFrozen(Problem):
    pass


@names(
    freezes.FreezeIsStronger,
    code=ProblemCode.FREEZE_IS_STRONGER,
    retry=RetryAdvice.NEVER,
    field="customerId",
)
@strawberry.type(description="Somebody stronger froze it.")
class FreezeIsStronger(Problem):
    pass
