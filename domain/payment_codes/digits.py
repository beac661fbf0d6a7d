"""The eighteen digits of a payment code: drawn at random, the last of which catches a slip."""

from __future__ import annotations

import secrets as randomness
from typing import Final

from domain import secrets

DIGITS: Final = 18
PREFIX: Final = "28"
"""By which a till tells whose code it scanned; no other wallet's codes begin so."""

_DRAWN: Final = DIGITS - len(PREFIX) - 1
_SCANNED_MAX: Final = 40
"""How much of what was scanned is looked at, with spaces between the digits."""
_PURPOSE: Final = "payment-code"


def fresh() -> str:
    """Eighteen digits that nobody can guess: fifteen of them are drawn."""
    drawn = f"{PREFIX}{randomness.randbelow(10**_DRAWN):0{_DRAWN}}"
    return drawn + _check_digit(drawn)


def read(text: str) -> str | None:
    """The digits that were scanned or typed; None when they cannot be a payment code."""
    if len(text) > _SCANNED_MAX:
        return None
    said = text.replace(" ", "")
    is_code = len(said) == DIGITS and said.isascii() and said.isdigit() and said.startswith(PREFIX)
    return said if is_code and said[-1] == _check_digit(said[:-1]) else None


def mac(said: str, *, key_id: str | None = None) -> bytes:
    """What is kept of a code instead of its digits: whoever reads it has no code."""
    return secrets.mac(_PURPOSE, said.encode(), key_id=key_id)


def macs(said: str) -> list[bytes]:
    """As what it may be kept: made with any key there is."""
    return [mac(said, key_id=key_id) for key_id in secrets.key_ids()]


def _check_digit(said: str) -> str:
    """Luhn's (ISO/IEC 7812-1): notices one wrong digit, and nearly every swapped pair."""
    doubled = (2 * int(digit) for digit in said[::-2])
    others = sum(int(digit) for digit in said[-2::-2])
    return str(-(sum(each // 10 + each % 10 for each in doubled) + others) % 10)
