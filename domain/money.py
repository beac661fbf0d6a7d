"""Money: whole minor units of a currency, and the arithmetic that never loses one."""

from __future__ import annotations

from typing import Final, NewType

MinorUnits = NewType("MinorUnits", int)
"""The smallest unit of a currency (fen, yen, fils) as a whole number; never a float."""

NOTHING: Final = MinorUnits(0)

MAX_MINOR_UNITS: Final = 2**53 - 1
"""The largest amount every client can hold exactly (JavaScript's safe integers)."""

EXPONENTS: Final[dict[str, int]] = {
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "JPY": 0,
    "KWD": 3,
    "SGD": 2,
    "USD": 2,
}
"""The currencies uPay keeps, each with its digits after the point (ISO 4217)."""


def split(amount: MinorUnits, parts: int) -> list[MinorUnits]:
    """Cuts `amount` into `parts`, one or more, that sum to it; the first get the odd units."""
    share, odd = divmod(amount, parts)
    return [MinorUnits(share + (place < odd)) for place in range(parts)]
