"""Problems around passkeys: making one, and being believed with it."""

from __future__ import annotations

import strawberry

from domain import passkeys
from schema.problems.base import Problem, names


@names(passkeys.PasskeyRefused, code="PASSKEY_REFUSED")
@strawberry.type(
    description="What the device answered proves nothing here. Ask for fresh options and let the "
    "person try again."
)
class PasskeyRefused(Problem):
    pass


@names(passkeys.PasskeyNameInvalid, code="PASSKEY_NAME_INVALID", field="name")
@strawberry.type(description="Empty, too long, or with characters that cannot be seen.")
class PasskeyNameInvalid(Problem):
    pass


@names(passkeys.TooManyPasskeys, code="TOO_MANY_PASSKEYS")
@strawberry.type(description="There are as many passkeys as one person may have.")
class TooManyPasskeys(Problem):
    most: int = strawberry.field(description="How many that is.")


@names(passkeys.NoPasskeys, code="NO_PASSKEYS")
@strawberry.type(description="There is no passkey yet.")
class NoPasskeys(Problem):
    pass
