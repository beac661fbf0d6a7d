"""Why a passkey is not made, not renamed, or not believed."""

from __future__ import annotations

import logging
from typing import Final

from domain.refusals import Refusal

SHOWN_MAX: Final = 120
"""How much of a reason is logged: some of it is what a stranger wrote."""

_log = logging.getLogger(__name__)


class PasskeyRefused(Refusal):
    """What was shown proves nothing here; why is in the log and told to nobody.

    Another challenge, another website, no fingerprint, face or screen lock, a counter that went
    back, a passkey that is unknown or somebody else's, or no answer of a device at all.
    """

    def __init__(self) -> None:
        super().__init__("This passkey could not be accepted.")


class PasskeyNameInvalid(Refusal):
    """Empty, longer than 64 characters, or with characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("A passkey's name is 1 to 64 visible characters.")


class NoPasskeys(Refusal):
    """There is no passkey to prove anything with."""

    def __init__(self) -> None:
        super().__init__("There is no passkey yet.")


class TooManyPasskeys(Refusal):
    """Nobody has more than `most` passkeys."""

    def __init__(self, most: int) -> None:
        super().__init__("There are as many passkeys as one person may have.")
        self.most = most


def refused(why: object) -> PasskeyRefused:
    """A refusal to raise; only the operator's log learns `why`."""
    _log.info("a passkey was refused: %.*r", SHOWN_MAX, str(why))
    return PasskeyRefused()
