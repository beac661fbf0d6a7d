"""Limits: how much may leave a wallet, counted with the posting and under its locks."""

from domain.limits.levels import LEVELS, apply_level
from domain.limits.periods import local_day, resets_at
from domain.limits.refusals import (
    EXCEEDED,
    CountLimitExceeded,
    DayLimitExceeded,
    IdentityRequired,
    MonthLimitExceeded,
    OwnLimitExceeded,
    SingleLimitExceeded,
    YearLimitExceeded,
)
from domain.limits.standings import SetBy, Standing, check, check_can_spend, standing, standings

__all__ = [
    "EXCEEDED",
    "LEVELS",
    "CountLimitExceeded",
    "DayLimitExceeded",
    "IdentityRequired",
    "MonthLimitExceeded",
    "OwnLimitExceeded",
    "SetBy",
    "SingleLimitExceeded",
    "Standing",
    "YearLimitExceeded",
    "apply_level",
    "check",
    "check_can_spend",
    "local_day",
    "resets_at",
    "standing",
    "standings",
]
