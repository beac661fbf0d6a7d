"""Codes by which merchants are paid: of one order, or lasting ones that hang at a till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.merchant_codes import texts
from domain.merchant_codes.lasting import (
    CREATE_REFUSALS,
    by_token,
    create,
    page,
    replace,
)
from domain.merchant_codes.links import APP, order_link, read_link, static_link
from domain.merchant_codes.rations import check as check_ration
from domain.merchant_codes.refusals import LabelInvalid, StaticLimitExceeded, TooManyCodes
from domain.merchant_codes.texts import OrderCode, write_for_order, write_static
from domain.merchant_codes.texts import read as read_text
from models.merchant_codes import MerchantCode

__all__ = [
    "APP",
    "CREATE_REFUSALS",
    "LabelInvalid",
    "OrderCode",
    "StaticCode",
    "StaticLimitExceeded",
    "TooManyCodes",
    "by_token",
    "check_ration",
    "create",
    "order_link",
    "page",
    "read",
    "read_link",
    "read_text",
    "replace",
    "static_link",
    "write_for_order",
    "write_static",
]


@dataclass(frozen=True, slots=True)
class StaticCode:
    """A lasting code of a merchant; `label` says where it hangs, in the merchant's words."""

    merchant_id: UUID
    currency: str
    label: str

    @classmethod
    def of(cls, code: MerchantCode) -> StaticCode:
        label = " ".join(word for word in (code.store, code.till) if word)
        return cls(merchant_id=code.merchant_id, currency=code.currency, label=label)


async def read(text: str, now: datetime) -> OrderCode | StaticCode:
    """Whom a scanned text asks to pay, and how much if it says so.

    Whether the order can be paid, and whether the merchant takes payments, is not looked at.

    Raises:
        QrInvalid, QrForeign, QrTampered, QrOfAnotherKind: see `texts.read`.
        QrExpired: its time is over, or its merchant has replaced it.
    """
    found = texts.read(text, now)
    if isinstance(found, OrderCode):
        return found
    return StaticCode.of(await by_token(found.token))
