"""Problems around second factors, and around the report that all of them are lost."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain import factor_clearings, factor_losses, second_factors, totps
from schema.problems.base import Problem, names


@names(totps.TotpNotStarted, code="TOTP_NOT_STARTED")
@strawberry.type(
    description="No authenticator app is being set up in this session, or it took too long."
)
class TotpNotStarted(Problem):
    pass


@names(totps.TotpCodeWrong, code="TOTP_CODE_WRONG", field="code")
@strawberry.type(description="Not the code that the app shows now; another one may be tried.")
class TotpCodeWrong(Problem):
    pass


@names(totps.TotpNotSet, code="TOTP_NOT_SET")
@strawberry.type(description="There is no authenticator app.")
class TotpNotSet(Problem):
    pass


@names(second_factors.FactorRequired, code="FACTOR_REQUIRED")
@strawberry.type(description="Whoever works at the desk keeps at least one second factor.")
class FactorRequired(Problem):
    pass


@names(second_factors.NoSecondFactor, code="NO_SECOND_FACTOR")
@strawberry.type(description="There is neither an authenticator app nor a passkey.")
class NoSecondFactor(Problem):
    pass


@names(factor_losses.LossReported, code="LOSS_REPORTED")
@strawberry.type(description="The loss is reported already.")
class LossReported(Problem):
    decidable_at: datetime = strawberry.field(description="Until when it waits for its owner.")


@names(factor_losses.LossNotReported, code="LOSS_NOT_REPORTED")
@strawberry.type(description="No loss is waited for.")
class LossNotReported(Problem):
    pass


@names(factor_clearings.TooEarly, code="TOO_EARLY", field="decision")
@strawberry.type(description="The owner still has time to withdraw the report.")
class TooEarly(Problem):
    decidable_at: datetime = strawberry.field(description="When it can be granted.")


@names(factor_clearings.LossOver, code="LOSS_OVER", field="lossId")
@strawberry.type(description="The report was decided or withdrawn before.")
class LossOver(Problem):
    pass
