"""Why an export is refused."""

from __future__ import annotations

from datetime import datetime

from domain.refusals import Refusal


class ExportUnderWay(Refusal):
    """One of this person's exports is being made."""

    def __init__(self) -> None:
        super().__init__("An export is being made already.")


class TooManyExports(Refusal):
    """Three were asked for within a day; another can be at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("Too many exports were asked for.")
        self.again_at = again_at
