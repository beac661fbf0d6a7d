"""What uPay writes into a merchant's code, and how it reads one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.codes import QrOfAnotherKind, seals, spelling, tlv
from domain.money import MinorUnits
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.orders import Order

STATIC, DYNAMIC = "11", "12"
TEST: Final = "TEST"
"""What stands in a code by which no real money moves, for whoever looks into it elsewhere."""

_MODE, _MERCHANT, _TOKEN = "03", "04", "05"
_MORE: Final = "62"
_ORDER, _STORE, _TILL = "01", "03", "07"


@dataclass(frozen=True, slots=True)
class OrderCode:
    """A code of one order: its number, and `amount` in minor units of `currency`."""

    number: str
    amount: MinorUnits
    currency: str


@dataclass(frozen=True, slots=True)
class Token:
    """The word that stands in a lasting code."""

    token: str


def write_for_order(order: Order, merchant: Merchant, *, livemode: bool) -> str | None:
    """The text of a code for the order, which ends with it.

    None when the amount has no room: a code holds thirteen characters of it.
    """
    amount = spelling.amount(MinorUnits(order.amount), order.currency)
    if amount is None:
        return None
    return seals.closed(
        [
            *_beginning(DYNAMIC, [(_MERCHANT, merchant.number)], livemode=livemode),
            *_place(merchant, order.currency, amount),
            (_MORE, tlv.joined([(_ORDER, order.number)])),
            *_in_chinese(merchant),
        ],
        expires_at=order.expires_at,
    )


def write_static(code: MerchantCode, merchant: Merchant, *, livemode: bool) -> str:
    """The text of a lasting code, whose payers choose the amount."""
    ours = [(_MERCHANT, merchant.number), (_TOKEN, code.token)]
    labels = [(_STORE, code.store), (_TILL, code.till)]
    said = tlv.joined([(id, label) for id, label in labels if label])
    return seals.closed(
        [
            *_beginning(STATIC, ours, livemode=livemode),
            *_place(merchant, code.currency, None),
            *([(_MORE, said)] if said else []),
            *_in_chinese(merchant),
        ],
        expires_at=None,
    )


def read(text: str, now: datetime) -> OrderCode | Token:
    """What a scanned text says, if this uPay wrote it and its time is not over.

    Tips (55 to 57) are never written, and what is altered is not read: nothing is added to the
    amount.

    Raises:
        QrInvalid, QrForeign, QrTampered: see `codes.seals.opened`.
        QrOfAnotherKind: it asks to pay a person.
        QrExpired: its time is over.
    """
    fields = seals.opened(text)
    ours, more = seals.template(fields, seals.OURS), seals.template(fields, _MORE)
    if _MERCHANT not in ours:
        raise QrOfAnotherKind
    seals.end(fields, now)
    if _TOKEN in ours:
        return Token(ours[_TOKEN])
    return OrderCode(
        number=more[_ORDER],
        amount=spelling.amount_read(fields["54"]),
        currency=spelling.currency_read(fields["53"]),
    )


def _beginning(
    initiation: str, ours: list[tuple[str, str]], *, livemode: bool
) -> list[tuple[str, str]]:
    mode = [] if livemode else [(_MODE, TEST)]
    template = tlv.joined([("00", seals.GUID), *mode, *ours])
    return [("00", "01"), ("01", initiation), (seals.OURS, template)]


def _place(merchant: Merchant, currency: str, amount: str | None) -> list[tuple[str, str]]:
    return [
        ("52", merchant.category),
        ("53", spelling.currency(currency)),
        *([] if amount is None else [("54", amount)]),
        ("58", merchant.country),
        ("59", spelling.latin_name(merchant.name)),
        ("60", spelling.latin_city(merchant.city)),
    ]


def _in_chinese(merchant: Merchant) -> list[tuple[str, str]]:
    name = spelling.chinese_name(merchant.name)
    if name is None:
        return []
    city = spelling.chinese_city(merchant.city)
    words = [("00", "ZH"), ("01", name), *([] if city is None else [("02", city)])]
    return [("64", tlv.joined(words))]
