"""Orders: what a merchant wants to be paid, until it is paid, closed or too old."""

from __future__ import annotations

from domain.orders.ending import CLOSE_REFUSALS, close, close_in, expire, locked
from domain.orders.making import CREATE_REFUSALS, EXPIRE_JOB, LASTS, Wish, create
from domain.orders.refusals import (
    DescriptionInvalid,
    ExpiryInvalid,
    MerchantUnavailable,
    OrderAlreadyClosed,
    OrderAlreadyPaid,
    OrderExpired,
    OrderNotFound,
    ReferenceInvalid,
    ReferenceReused,
)
from domain.orders.standings import (
    FIND_REFUSALS,
    NOT_PAYABLE,
    Standing,
    by_number,
    check_payable,
    standing,
)

__all__ = [
    "CLOSE_REFUSALS",
    "CREATE_REFUSALS",
    "EXPIRE_JOB",
    "FIND_REFUSALS",
    "LASTS",
    "NOT_PAYABLE",
    "DescriptionInvalid",
    "ExpiryInvalid",
    "MerchantUnavailable",
    "OrderAlreadyClosed",
    "OrderAlreadyPaid",
    "OrderExpired",
    "OrderNotFound",
    "ReferenceInvalid",
    "ReferenceReused",
    "Standing",
    "Wish",
    "by_number",
    "check_payable",
    "close",
    "close_in",
    "create",
    "expire",
    "locked",
    "standing",
]
