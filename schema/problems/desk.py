"""Problems around what agents do."""

from __future__ import annotations

import strawberry

from domain import audit, freezes
from schema.problems.base import Problem, names


@names(audit.ReasonRequired, code="REASON_REQUIRED", field="reason")
@strawberry.type(description="Agents give a reason of 3 to 500 characters.")
class ReasonRequired(Problem):
    pass


@names(freezes.AlreadyFrozen, code="ALREADY_FROZEN", field="customerId")
@strawberry.type(description="It is frozen already.")
class AlreadyFrozen(Problem):
    pass


@names(freezes.NotFrozen, code="NOT_FROZEN")
@strawberry.type(description="It is not frozen.")
class NotFrozen(Problem):
    pass


@names(freezes.FreezeIsStronger, code="FREEZE_IS_STRONGER")
@strawberry.type(description="Somebody stronger froze it.")
class FreezeIsStronger(Problem):
    pass
