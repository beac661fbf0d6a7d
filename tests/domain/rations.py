"""What may leave a purse, once more: by adding up a list of all that left, as plain as possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

NOTHING: tuple[str | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The house's, then the owner's own; None is no limit."""

    single: int | None = None
    payments: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    own_single: int | None = None
    own_day: int | None = None
    own_month: int | None = None


@dataclass
class Ration:
    """Everything that left a purse and counts: on which day, how much, and as how many payments."""

    limits: Limits = field(default_factory=Limits)
    left: list[tuple[date, int, int]] = field(default_factory=list)
    last: date | None = None

    def day_of(self, day: date) -> date:
        """The day that a payment counts on: days never go back."""
        return day if self.last is None else max(self.last, day)

    def refusal(self, day: date, amount: int) -> tuple[str | None, int | None]:
        """The first limit that a payment would pass, and by how much."""
        on, limits = self.day_of(day), self.limits
        today, month, year, payments = self._sums(on)
        wants = [
            ("LIMIT_PER_PAYMENT", amount, limits.single),
            ("LIMIT_COUNT", payments + 1, limits.payments),
            ("LIMIT_DAY", today + amount, limits.day),
            ("LIMIT_MONTH", month + amount, limits.month),
            ("LIMIT_YEAR", year + amount, limits.year),
            ("LIMIT_SELF_SET", amount, limits.own_single),
            ("LIMIT_SELF_SET", today + amount, limits.own_day),
            ("LIMIT_SELF_SET", month + amount, limits.own_month),
        ]
        for code, wanted, limit in wants:
            if limit is not None and wanted > limit:
                return code, None if code == "LIMIT_COUNT" else wanted - limit
        return NOTHING

    def take(self, day: date, amount: int) -> date:
        self.last = self.day_of(day)
        self.left.append((self.last, amount, 1))
        return self.last

    def give_back(self, day: date, amount: int, payments: int) -> None:
        self.left.append((day, -amount, -payments))

    def counters(self) -> tuple[date | None, int, int, int, int]:
        """What the row must say: the last day, and the sums of it, of its month and its year."""
        return (None, 0, 0, 0, 0) if self.last is None else (self.last, *self._sums(self.last))

    def _sums(self, day: date) -> tuple[int, int, int, int]:
        same_year = [each for each in self.left if each[0].year == day.year]
        same_month = [each for each in same_year if each[0].month == day.month]
        same_day = [each for each in same_month if each[0] == day]
        amounts = [sum(each[1] for each in some) for some in (same_day, same_month, same_year)]
        return amounts[0], amounts[1], amounts[2], sum(each[2] for each in same_day)
