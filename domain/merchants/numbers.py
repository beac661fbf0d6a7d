"""Merchants' numbers: ten digits of which the last checks the others, so that a slip is noticed."""

from __future__ import annotations

from secrets import randbelow
from typing import Final

LENGTH: Final = 10

_FIRST: Final = 10 ** (LENGTH - 2)
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""A digit twice, its own digits added."""


def drawn() -> str:
    """A number by chance; whether another merchant has it is for the caller to see."""
    payload = str(_FIRST + randbelow(9 * _FIRST))
    return payload + _check_digit(payload)


def is_number(text: str) -> bool:
    """Whether a merchant could have this number; one wrong digit, or most swapped pairs, and none.

    That is what Luhn's formula (ISO/IEC 7812-1) finds.
    """
    is_written = len(text) == LENGTH and text.isascii() and text.isdigit()
    return is_written and _check_digit(text[:-1]) == text[-1]


def _check_digit(payload: str) -> str:
    digits = [int(digit) for digit in reversed(payload)]
    total = sum(_DOUBLED[digit] for digit in digits[::2]) + sum(digits[1::2])
    return str(-total % 10)
