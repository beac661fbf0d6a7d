"""The noes around forgotten passwords."""

from __future__ import annotations

from datetime import datetime

from domain.refusals import Refusal


class TooManyResets(Refusal):
    """From this network address another letter may be asked for at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("Too many letters about forgotten passwords were asked for.")
        self.again_at = again_at


class ResetDead(Refusal):
    """The link or the code is wrong, used, too old, another's, or void; which, is not said."""

    def __init__(self) -> None:
        super().__init__("This link or code is not valid.")
