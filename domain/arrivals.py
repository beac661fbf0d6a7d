"""When a transfer arrives: at once, or late enough to be called back."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

HOLD_OUTLIVES: Final = timedelta(days=7)
"""How long money set aside waits for a late settlement, should uPay have been off meanwhile."""


class Arrival(StrEnum):
    """When a transfer arrives; a delayed one can be cancelled until then."""

    NOW = "now"
    TWO_HOURS = "two_hours"
    NEXT_DAY = "next_day"

    @property
    def delay(self) -> timedelta | None:
        """How long it takes; None for at once."""
        return _DELAYS.get(self)


_DELAYS: Final = {Arrival.TWO_HOURS: timedelta(hours=2), Arrival.NEXT_DAY: timedelta(hours=24)}
