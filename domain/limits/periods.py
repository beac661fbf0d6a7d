"""Days, months and years as the person whose wallet it is lives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.limits import LimitKind


def local_day(now: datetime, time_zone: str) -> date:
    """Which day it is for somebody in `time_zone` (an IANA name)."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def resets_at(kind: LimitKind, day: date, time_zone: str) -> datetime | None:
    """When what was counted up to `day` counts no more, in UTC; None for single payments.

    The first moment of the next day, month or year there, also where clocks change at midnight or
    a whole day is left out.
    """
    match kind:
        case LimitKind.SINGLE:
            return None
        case LimitKind.MONTH:
            first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        case LimitKind.YEAR:
            first = date(day.year + 1, 1, 1)
        case _:
            first = day + timedelta(days=1)
    # A midnight that the clocks jump over is read with the offset from before, which is the jump;
    # of one that comes twice the first is meant.
    return datetime.combine(first, time.min, ZoneInfo(time_zone)).astimezone(UTC)
