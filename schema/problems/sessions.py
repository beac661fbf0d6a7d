"""Problems around sessions: signing in, staying in, proving again who it is, devices."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import strawberry

from domain import devices, fresh_proofs, guards, proofs, sessions
from domain.fresh_proofs import Factor
from domain.guards import SignInWay
from schema.problems.base import Problem, names

strawberry.enum(SignInWay, description="What somebody can do who is not let in, whoever they are.")
strawberry.enum(
    Factor,
    name="IdentityFactor",
    description="One way to prove that it is you. A password and a PIN are one kind of proof; an "
    "authenticator app and a recovery code are another, a code sent to a contact a third. A "
    "passkey counts for two.",
)

_WAYS: Final = "What can be done now; the same for accounts that exist and that do not."


@names(sessions.SignInRefused, code="SIGN_IN_REFUSED")
@strawberry.type(description="Name, password or code is wrong; which one is not said.")
class SignInRefused(Problem):
    ways: list[SignInWay] = strawberry.field(description=_WAYS)


@names(guards.SignInLocked, code="SIGN_IN_LOCKED")
@strawberry.type(
    description="The password was guessed wrong ten times, or a code of the second factor five "
    "times. A device that was signed in on before has a count of its own."
)
class SignInLocked(Problem):
    until: datetime = strawberry.field(description="When it can be tried again.")
    ways: list[SignInWay] = strawberry.field(description=_WAYS)


@names(guards.SignInThrottled, code="SIGN_IN_THROTTLED")
@strawberry.type(
    description="A hundred wrong tries came from this network address within fifteen minutes."
)
class SignInThrottled(Problem):
    until: datetime = strawberry.field(description="When it can be tried again from here.")
    ways: list[SignInWay] = strawberry.field(description=_WAYS)


@names(sessions.SecondFactorRequired, code="SECOND_FACTOR_REQUIRED", field="code")
@strawberry.type(
    description="A code of the authenticator app or a recovery code is needed as well; whoever has "
    "only passkeys signs in with one of them."
)
class SecondFactorRequired(Problem):
    pass


@names(sessions.SessionEnded, code="SESSION_ENDED", field="refreshToken")
@strawberry.type(description="The refresh token is unknown, too old, or was used before.")
class SessionEnded(Problem):
    pass


@names(fresh_proofs.ProofNeeded, code="PROOF_NEEDED")
@strawberry.type(
    description="More must have been proved in this session within ten minutes: see "
    "`proveIdentity`, then ask again."
)
class ProofNeeded(Problem):
    count: int = strawberry.field(description="How many different kinds of proof; 1 or 2.")
    without: list[Factor] = strawberry.field(description="What does not count for this.")


@names(proofs.ProofRefused, code="PROOF_REFUSED")
@strawberry.type(description="What was shown is wrong.")
class ProofRefused(Problem):
    pass


@names(proofs.ContactNotUsable, code="CONTACT_NOT_USABLE", field="contactId")
@strawberry.type(description="What is sent to this contact proves nothing, or nothing yet.")
class ContactNotUsable(Problem):
    usable_at: datetime | None = strawberry.field(
        description="From when on it can; null for a contact that is not verified."
    )


@names(devices.DeviceNameInvalid, code="DEVICE_NAME_INVALID", field="name")
@strawberry.type(description="Not a name a device can have.")
class DeviceNameInvalid(Problem):
    pass
