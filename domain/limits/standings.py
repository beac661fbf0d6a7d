"""How a wallet's limits stand: what was used of each, what remains, and when it begins anew.

A hint for people, from rows as they were read: the ledger decides under its locks, in the same
order and by the same sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.limits import refusals
from domain.limits.periods import local_day, resets_at
from domain.money import NOTHING, MinorUnits
from models.limits import LimitKind, LimitPolicy, OwnLimitKind, OwnLimitRaise
from models.wallets import Account


class SetBy(StrEnum):
    """Whose limit it is."""

    POLICY = "policy"  # the house's, for everybody of one level
    YOU = "you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One limit of one wallet, in minor units, or in payments where those are counted.

    `resets_at` is null for single payments. Of an owner's own limit `raises_at` is when a higher
    one they asked for comes into force, and `raises_to` what it will be; null: none at all.
    """

    kind: LimitKind
    set_by: SetBy
    limit: int
    used: int
    resets_at: datetime | None
    raises_to: int | None = None
    raises_at: datetime | None = None

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def after(self, amount: MinorUnits) -> Standing:
        """The same once one more payment of `amount`, with its fee, has been made."""
        if self.kind is LimitKind.SINGLE:
            return self
        return replace(self, used=self.used + self.counted(amount))

    def counted(self, amount: MinorUnits) -> int:
        """As how much one payment counts."""
        return 1 if self.kind is LimitKind.PAYMENTS_PER_DAY else amount


async def check_can_spend(
    wallet: Account, amount: MinorUnits, now: datetime, time_zone: str
) -> None:
    """Whether the limits of the wallet let `amount`, with any fee, leave it now, as it was read.

    `amount` is in the wallet's minor units and `time_zone` its owner's.

    Raises:
        SingleLimitExceeded, CountLimitExceeded, DayLimitExceeded, MonthLimitExceeded,
        YearLimitExceeded, OwnLimitExceeded: they do not. See `domain.limits.refusals`.
    """
    check(wallet, amount, await standing(wallet, now, time_zone))


async def standing(wallet: Account, now: datetime, time_zone: str) -> list[Standing]:
    """Every limit of the wallet, the house's first, in the order in which they are looked at."""
    policy = await LimitPolicy.get_or_none(level=wallet.level, currency=wallet.currency)
    open_raises = await OwnLimitRaise.filter(
        account_id=wallet.id, applied_at__isnull=True, withdrawn_at__isnull=True
    )
    return standings(wallet, policy, open_raises, local_day(now, time_zone), time_zone)


def standings(
    wallet: Account,
    policy: LimitPolicy | None,
    open_raises: Sequence[OwnLimitRaise],
    today: date,
    time_zone: str,
) -> list[Standing]:
    """As `standing`, from rows already read; `today` is the owner's day."""
    # Whoever travels west has had this day already: nothing is counted twice, or forgotten.
    day = max(today, wallet.spent_on or today)
    used = _used(wallet, day)
    raises = {row.kind: row for row in open_raises}
    return [
        Standing(
            kind=kind,
            set_by=set_by,
            limit=limit,
            used=used[kind],
            resets_at=resets_at(kind, day, time_zone),
            raises_to=asked.amount if asked else None,
            raises_at=asked.due_at if asked else None,
        )
        for set_by, kind, limit in _limits(wallet, policy)
        for asked in [raises.get(OwnLimitKind(kind)) if set_by is SetBy.YOU else None]
    ]


def check(wallet: Account, amount: MinorUnits, standings: Sequence[Standing]) -> None:
    """Whether these limits let `amount` leave the wallet; see `check_can_spend`.

    Raises:
        IdentityRequired, SingleLimitExceeded, CountLimitExceeded, DayLimitExceeded,
        MonthLimitExceeded, YearLimitExceeded, OwnLimitExceeded: they do not.
    """
    for each in standings:
        over = each.used + each.counted(amount) - each.limit
        if over > 0:
            missing = 0 if each.kind is LimitKind.PAYMENTS_PER_DAY else over
            raise _refusal(each)(each, missing, wallet.currency)


def _refusal(passed: Standing) -> type[refusals.Exceeded]:
    if passed.set_by is SetBy.YOU:
        return refusals.OwnLimitExceeded
    if passed.kind is LimitKind.SINGLE and passed.limit == 0:
        return refusals.IdentityRequired
    return _BY_KIND[passed.kind]


_BY_KIND: Final[dict[LimitKind, type[refusals.Exceeded]]] = {
    LimitKind.SINGLE: refusals.SingleLimitExceeded,
    LimitKind.PAYMENTS_PER_DAY: refusals.CountLimitExceeded,
    LimitKind.DAY: refusals.DayLimitExceeded,
    LimitKind.MONTH: refusals.MonthLimitExceeded,
    LimitKind.YEAR: refusals.YearLimitExceeded,
}


def _limits(wallet: Account, policy: LimitPolicy | None) -> Iterator[tuple[SetBy, LimitKind, int]]:
    """The limits there are, in the order in which the ledger looks at them."""
    house = policy or LimitPolicy()
    said = [
        (SetBy.POLICY, LimitKind.SINGLE, house.single),
        (SetBy.POLICY, LimitKind.PAYMENTS_PER_DAY, house.payments_day),
        (SetBy.POLICY, LimitKind.DAY, house.day),
        (SetBy.POLICY, LimitKind.MONTH, house.month),
        (SetBy.POLICY, LimitKind.YEAR, house.year),
        (SetBy.YOU, LimitKind.SINGLE, wallet.own_single),
        (SetBy.YOU, LimitKind.DAY, wallet.own_day),
        (SetBy.YOU, LimitKind.MONTH, wallet.own_month),
    ]
    return ((set_by, kind, limit) for set_by, kind, limit in said if limit is not None)


def _used(wallet: Account, day: date) -> dict[LimitKind, int]:
    """What the counters say of `day`, its month and its year."""
    last = wallet.spent_on
    is_day = last == day
    is_year = last is not None and last.year == day.year
    is_month = is_year and last is not None and last.month == day.month
    return {
        LimitKind.SINGLE: NOTHING,
        LimitKind.PAYMENTS_PER_DAY: wallet.payments_day if is_day else 0,
        LimitKind.DAY: wallet.spent_day if is_day else NOTHING,
        LimitKind.MONTH: wallet.spent_month if is_month else NOTHING,
        LimitKind.YEAR: wallet.spent_year if is_year else NOTHING,
    }
