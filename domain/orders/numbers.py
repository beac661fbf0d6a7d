"""Numbers of orders: sixteen digits that nobody can guess, the last of which catches a slip."""

from __future__ import annotations

import secrets
from typing import Final

DIGITS: Final = 16
_TYPED_MAX: Final = 40
"""How much of what somebody typed is looked at, with spaces and dashes between the digits."""


def fresh() -> str:
    """A number that was drawn, not counted: the one before it tells nothing."""
    drawn = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}}"
    return drawn + _check_digit(drawn)


def read(text: str) -> str | None:
    """The number somebody typed or pasted; None when it cannot be one."""
    if len(text) > _TYPED_MAX:
        return None
    number = text.replace(" ", "").replace("-", "")
    is_number = len(number) == DIGITS and number.isascii() and number.isdigit()
    return number if is_number and number[-1] == _check_digit(number[:-1]) else None


def _check_digit(digits: str) -> str:
    """Luhn's (ISO/IEC 7812-1): notices one wrong digit, and nearly every swapped pair."""
    doubled = (2 * int(digit) for digit in digits[::-2])
    others = sum(int(digit) for digit in digits[-2::-2])
    return str(-(sum(each // 10 + each % 10 for each in doubled) + others) % 10)
