"""Days, months and years begin when they begin for the person, wherever and whenever that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.limits import local_day, resets_at
from models.limits import LimitKind

ZONES: Final = sorted(zone for zone in available_timezones() if "/" in zone)
MOMENT: Final = timedelta(microseconds=1)

moments = st.integers(
    int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2037, 12, 30, tzinfo=UTC).timestamp()),
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(max_examples=400, deadline=None)
@given(now=moments, zone=st.sampled_from(ZONES))
def test_what_was_counted_resets_at_the_first_moment_of_the_next_day_month_or_year(
    now: datetime, zone: str
) -> None:
    day = local_day(now, zone)

    for kind, period in (
        (LimitKind.DAY, _day),
        (LimitKind.PAYMENTS_PER_DAY, _day),
        (LimitKind.MONTH, _month),
        (LimitKind.YEAR, _year),
    ):
        reset = resets_at(kind, day, zone)
        assert reset is not None
        assert reset > now - timedelta(hours=2)  # A clock that goes back repeats a little of a day.
        assert period(local_day(reset, zone)) > period(day)
        assert period(local_day(reset - MOMENT, zone)) == period(day)


@pytest.mark.parametrize(
    ("day", "zone", "reset"),
    [
        (date(2026, 3, 2), "Asia/Shanghai", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        # Twenty-three hours, and twenty-five.
        (date(2026, 3, 29), "Europe/London", datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 25), "Europe/London", datetime(2026, 10, 26, 0, tzinfo=UTC)),
        # No midnight: at twelve the clocks go on to one.
        (date(2018, 11, 3), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # Midnight twice: the first.
        (date(2026, 10, 31), "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        # A day that never was.
        (date(2011, 12, 29), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_clocks_change(day: date, zone: str, reset: datetime) -> None:
    assert resets_at(LimitKind.DAY, day, zone) == reset


def test_months_and_years_end_with_their_last_day() -> None:
    assert resets_at(LimitKind.MONTH, date(2026, 12, 31), "UTC") == datetime(2027, 1, 1, tzinfo=UTC)
    assert resets_at(LimitKind.MONTH, date(2028, 2, 29), "UTC") == datetime(2028, 3, 1, tzinfo=UTC)
    assert resets_at(LimitKind.YEAR, date(2026, 1, 1), "UTC") == datetime(2027, 1, 1, tzinfo=UTC)
    assert resets_at(LimitKind.SINGLE, date(2026, 1, 1), "UTC") is None


def _day(day: date) -> tuple[int, ...]:
    return (day.year, day.month, day.day)


def _month(day: date) -> tuple[int, ...]:
    return (day.year, day.month)


def _year(day: date) -> tuple[int, ...]:
    return (day.year,)
