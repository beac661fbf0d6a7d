"""Opaque ids: a prefix that tells the type, and nothing else anybody should read."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from models.movements import Movement, MovementKind


class Prefix(StrEnum):
    PERSON = "per"
    CUSTOMER = "cus"
    CONTACT = "con"
    WALLET = "wal"
    PARTY = "pty"
    TRANSFER = "trf"
    TOP_UP = "top"
    ADJUSTMENT = "adj"
    MERCHANT_PAYMENT = "pay"
    REFUND = "ref"
    WITHDRAWAL = "wdr"
    RETURN = "ret"
    REVERSAL = "rev"
    PAYOUT = "pyt"
    FEE = "fee"
    MERCHANT = "mer"
    API_KEY = "key"
    MEMBER = "mem"
    CASE = "cas"
    ORDER = "ord"
    MONEY_REQUEST = "mrq"
    FAVOURITE = "fav"
    MERCHANT_CODE = "mco"
    PAYMENT_CODE = "pco"
    PAYMENT_REFUND = "rfd"
    BANK_ACCOUNT = "bnk"
    SETTLEMENT = "stl"
    STATEMENT = "stm"
    QUOTE = "quo"
    CHALLENGE = "cha"
    SESSION = "ses"
    SECURITY_EVENT = "evt"
    INQUIRY = "inq"
    RISK_CASE = "rsk"
    FACTOR_LOSS = "los"
    DEVICE = "dev"
    PASSWORD_RESET = "pwr"  # noqa: S105 - a prefix
    PASSKEY = "pky"
    PAPER = "pap"
    VERIFICATION_REQUEST = "ver"
    EXPORT = "exp"
    MERCHANT_EVENT = "mev"
    WEBHOOK_ENDPOINT = "whe"
    WEBHOOK_DELIVERY = "whd"


MOVEMENTS: dict[MovementKind, Prefix] = {
    MovementKind.TRANSFER: Prefix.TRANSFER,
    MovementKind.TOP_UP: Prefix.TOP_UP,
    MovementKind.ADJUSTMENT: Prefix.ADJUSTMENT,
    MovementKind.MERCHANT_PAYMENT: Prefix.MERCHANT_PAYMENT,
    MovementKind.REFUND: Prefix.REFUND,
    MovementKind.WITHDRAWAL: Prefix.WITHDRAWAL,
    MovementKind.RETURN: Prefix.RETURN,
    MovementKind.REVERSAL: Prefix.REVERSAL,
    MovementKind.PAYOUT: Prefix.PAYOUT,
    MovementKind.FEE: Prefix.FEE,
}


class IdUnknown(Exception):
    """Not an id that uPay ever gave out for this; answered like an id that does not exist."""


def public(prefix: Prefix, id: UUID) -> str:
    return f"{prefix}_{id.hex}"


def parse(text: str, *prefixes: Prefix) -> UUID:
    """The id behind `text`, which must be of one of the given types.

    Raises:
        IdUnknown: it is not.
    """
    prefix, _, digits = text.partition("_")
    if prefix not in prefixes or len(digits) != 32:
        raise IdUnknown
    try:
        id = UUID(hex=digits)
    except ValueError:
        raise IdUnknown from None
    # Python reads more spellings of a number than uPay writes.
    if public(Prefix(prefix), id) != text:
        raise IdUnknown
    return id


def movement(text: str) -> UUID:
    return parse(text, *MOVEMENTS.values())


def of_movement(row: Movement) -> str:
    return public(MOVEMENTS[row.kind], row.id)
