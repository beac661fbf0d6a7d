"""Receipts: whoever holds one can have it checked, and nobody can make one."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC
from typing import Final
from uuid import UUID

from domain import keys, secrets
from domain.refusals import Refusal
from models.movements import Movement

CODE_BYTES: Final = 10
"""80 bits: a million guesses a second would take thousands of millions of years."""

_PURPOSE: Final = "receipt"
_GROUP: Final = 4


class ReceiptUnknown(Refusal):
    """uPay never gave out a receipt with this number and this code."""

    def __init__(self) -> None:
        super().__init__("This is not a receipt of ours.")


CHECK_REFUSALS: Final = (ReceiptUnknown,)


def number(movement: Movement) -> str:
    """What its receipt is found by: 26 letters and digits."""
    return _letters(movement.id.bytes)


def code(movement: Movement) -> str:
    """What proves its receipt: the id of a key, and 16 letters and digits in groups of four.

    They stand for everything that a final movement keeps for ever, so the movement must be final.
    """
    key_id = secrets.current_key_id()
    signed = _signature(movement, key_id)
    groups = [signed[start : start + _GROUP] for start in range(0, len(signed), _GROUP)]
    return f"{key_id}.{'-'.join(groups)}"


async def check(number: str, code: str) -> Movement:
    """The movement whose receipt has this number and this code, however they were typed.

    Raises:
        ReceiptUnknown: there is none; whether the number is one is not told.
    """
    movement = await Movement.get_or_none(id=_movement_id(number))
    key_id, _, letters = code.strip().rpartition(".")
    if movement is None or not movement.status.is_final or key_id not in secrets.key_ids():
        raise ReceiptUnknown
    if not secrets.is_same(_tidy(letters), _signature(movement, key_id)):
        raise ReceiptUnknown
    return movement


def _signature(movement: Movement, key_id: str) -> str:
    return _letters(secrets.mac(_PURPOSE, _facts(movement), key_id=key_id)[:CODE_BYTES])


def _facts(movement: Movement) -> bytes:
    """What never changes again; names do, so they are not among it."""
    assert movement.settled_at is not None
    return keys.digest(
        "receipt",
        *(movement.id, movement.kind.value, movement.status.value, movement.person_id),
        *(movement.source_id, movement.target_id),
        *(movement.amount, movement.fee, movement.currency, movement.note),
        *(movement.failure_code, movement.failure_missing),
        movement.created_at.astimezone(UTC).isoformat(),
        movement.settled_at.astimezone(UTC).isoformat(),
    )


def _movement_id(number: str) -> UUID:
    """The id that a number stands for."""
    try:
        return UUID(bytes=base64.b32decode(f"{_tidy(number)}======"))
    except (binascii.Error, ValueError):
        raise ReceiptUnknown from None


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _tidy(text: str) -> str:
    """As it was printed: base32 has no 0, 1 or 8, so those can only be misread letters."""
    spelt = text.upper().translate(str.maketrans("018", "OIB"))
    return "".join(spelt.split()).replace("-", "")
