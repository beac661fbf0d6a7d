"""What the house lets leave a wallet, for each level of verification and each currency."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any, Final

from domain.limits.levels import LEVELS
from domain.money import EXPONENTS, MAX_MINOR_UNITS
from models.limits import LimitPolicy

MAX_BYTES: Final = 65_536
MAX_PAYMENTS: Final = 1_000_000


class PolicyInvalid(ValueError):
    """The text is no policy; `str()` says in one sentence where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What may leave one wallet, in its minor units, in each of its owner's days, months, years.

    None is no limit.
    """

    single: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    payments_per_day: int | None = None


Policy = Mapping[tuple[int, str], Allowance]
"""An allowance for every level and every currency that uPay keeps."""

_NAMES: Final = tuple(each.name for each in fields(Allowance))
_AMOUNTS: Final = ("single", "day", "month", "year")


def parse(text: str) -> Policy:
    """The policy that a TOML text says: a table `[level.0.CNY]` for each level and currency.

    Nothing is guessed. A level or a currency that is left out, or a word or number that makes no
    sense, is refused: what is missing by mistake would otherwise be no limit.

    Raises:
        PolicyInvalid: it is no such text.
    """
    if len(text) > MAX_BYTES:
        raise PolicyInvalid(f"it is longer than {MAX_BYTES} characters")
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalid(f"it is not TOML: {error}") from error
    _check_names("the file", said, {"level"})
    levels = _table("level", said)
    _check_names("level", levels, {str(level) for level in LEVELS})
    policy = {
        (level, currency): allowance
        for level in LEVELS
        for currency, allowance in _allowances(level, levels)
    }
    _check_order(policy)
    return policy


async def install(policy: Policy) -> None:
    """Makes this the policy that postings read from now on; doing it again changes nothing."""
    await LimitPolicy.bulk_create(
        # In order, so that two servers that start at once do not wait for each other.
        [
            LimitPolicy(
                level=level,
                currency=currency,
                single=allowance.single,
                day=allowance.day,
                month=allowance.month,
                year=allowance.year,
                payments_day=allowance.payments_per_day,
            )
            for (level, currency), allowance in sorted(policy.items(), key=itemgetter(0))
        ],
        on_conflict=("level", "currency"),
        update_fields=("single", "day", "month", "year", "payments_day"),
    )


def _allowances(level: int, levels: Mapping[str, Any]) -> Iterator[tuple[str, Allowance]]:
    place = f"level.{level}"
    currencies = _table(str(level), levels, place)
    _check_names(place, currencies, set(EXPONENTS))
    for currency in EXPONENTS:
        where = f"{place}.{currency}"
        limits = _table(currency, currencies, where)
        _check_names(where, limits, set(_NAMES), must_be_whole=False)
        allowance = Allowance(**{name: _number(where, name, limits[name]) for name in limits})
        _check_sizes(where, allowance)
        yield currency, allowance


def _table(name: str, tables: Mapping[str, Any], place: str = "") -> Mapping[str, Any]:
    table = tables.get(name)
    if not isinstance(table, dict):
        raise PolicyInvalid(f"[{place or name}] is not a table")
    return table


def _check_names(
    place: str, said: Mapping[str, Any], known: set[str], *, must_be_whole: bool = True
) -> None:
    strange = sorted(set(said) - known)
    if strange:
        names = ", ".join(sorted(known))
        raise PolicyInvalid(f"{place} has {strange[0]!r}, and knows only {names}")
    missing = sorted(known - set(said))
    if must_be_whole and missing:
        raise PolicyInvalid(f"{place} has nothing for {missing[0]}")


def _number(place: str, name: str, value: object) -> int:
    most = MAX_MINOR_UNITS if name in _AMOUNTS else MAX_PAYMENTS
    # TOML's true is Python's, which is an int as well.
    if type(value) is not int or not 0 <= value <= most:
        raise PolicyInvalid(f"{place}.{name} must be a whole number from 0 to {most}")
    return value


def _check_sizes(place: str, allowance: Allowance) -> None:
    """A day that allows more than its month is a slip of the pen."""
    said = [(name, getattr(allowance, name)) for name in _AMOUNTS]
    limits = [(name, limit) for name, limit in said if limit is not None]
    for (smaller, limit), (larger, bound) in itertools.pairwise(limits):
        if limit > bound:
            raise PolicyInvalid(f"{place}.{smaller} is more than its {larger}")


def _check_order(policy: Policy) -> None:
    """Proving more never lets less leave."""
    for (level, currency), allowance in policy.items():
        lower = policy.get((level - 1, currency), Allowance(**dict.fromkeys(_NAMES, 0)))
        for name in _NAMES:
            limit, least = getattr(allowance, name), getattr(lower, name)
            if limit is not None and (least is None or limit < least):
                raise PolicyInvalid(
                    f"level.{level}.{currency}.{name} allows less than level {level - 1}"
                )
