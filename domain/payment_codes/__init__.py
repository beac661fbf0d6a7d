"""Payment codes: a customer shows eighteen digits, a merchant scans and charges them once."""

from __future__ import annotations

from domain.payment_codes.allowing import (
    PER_DAY,
    SET_REFUSALS,
    SMALL,
    is_allowed,
    set_allowed,
)
from domain.payment_codes.charging import CHARGE_REFUSALS, ORDER_LASTS, Wish, charge
from domain.payment_codes.issuing import ALIVE_MAX, ISSUE_REFUSALS, LIVES, Issued, issue
from domain.payment_codes.refusals import (
    CodeTriesExhausted,
    CodeUnusable,
    UserCancelled,
    UserPaying,
)
from domain.payment_codes.standings import (
    DECLINE_REFUSALS,
    EVENT_KIND,
    Standing,
    charged,
    decline,
    of,
    standing,
)

__all__ = [
    "ALIVE_MAX",
    "CHARGE_REFUSALS",
    "DECLINE_REFUSALS",
    "EVENT_KIND",
    "ISSUE_REFUSALS",
    "LIVES",
    "ORDER_LASTS",
    "PER_DAY",
    "SET_REFUSALS",
    "SMALL",
    "CodeTriesExhausted",
    "CodeUnusable",
    "Issued",
    "Standing",
    "UserCancelled",
    "UserPaying",
    "Wish",
    "charge",
    "charged",
    "decline",
    "is_allowed",
    "issue",
    "of",
    "set_allowed",
    "standing",
]
