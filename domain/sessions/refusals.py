"""Why a session does not open, or is over."""

from __future__ import annotations

from domain.guards import SignInWay
from domain.refusals import Refusal


class SignInRefused(Refusal):
    """Name, password or code is wrong, or the person belongs to the other API; all look alike."""

    ways = (SignInWay.RESET_PASSWORD, SignInWay.OTHER_FACTOR, SignInWay.CONTACT_SUPPORT)

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class SecondFactorRequired(Refusal):
    """The password was right; a code of the second factor is missing."""

    def __init__(self) -> None:
        super().__init__("A second factor is needed as well.")


class SessionEnded(Refusal):
    """The refresh token opens nothing: unknown, too old, or used before."""

    def __init__(self) -> None:
        super().__init__("This session has ended.")
