"""Problems around passwords: choosing one, changing it, having forgotten it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import strawberry

from domain import links, password_changes, password_resets, passwords
from schema.problems.base import Problem, names

REASONS: Final = "Which rules, as codes: " + "; ".join(
    f"{reason.value}, {reason.meaning}" for reason in passwords.Reason
)


@names(passwords.PasswordTooWeak, code="PASSWORD_TOO_WEAK", field="password")
@strawberry.type(description="The password breaks a rule; `passwordPolicy` says the rules.")
class PasswordTooWeak(Problem):
    reasons: list[str] = strawberry.field(description=f"{REASONS}.")


@names(passwords.PasswordUsedBefore, code="PASSWORD_USED_BEFORE", field="newPassword")
@strawberry.type(description="It is the present password, or one of the three before it.")
class PasswordUsedBefore(Problem):
    pass


@names(
    password_changes.CurrentPasswordWrong, code="CURRENT_PASSWORD_WRONG", field="currentPassword"
)
@strawberry.type(description="What was said to be the present password is not.")
class CurrentPasswordWrong(Problem):
    pass


@names(password_resets.TooManyResets, code="TOO_MANY_PASSWORD_RESETS")
@strawberry.type(description="Too many letters were asked for from this network address.")
class TooManyPasswordResets(Problem):
    again_at: datetime = strawberry.field(description="When another can be asked for.")


@names(password_resets.ResetDead, links.LinkDead, code="PASSWORD_RESET_DEAD", field="proof")
@strawberry.type(
    description="The link or the code is wrong, used, too old, another's, or void; which, is not "
    "said."
)
class PasswordResetDead(Problem):
    pass
