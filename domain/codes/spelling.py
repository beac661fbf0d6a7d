"""How codes spell names, currencies and amounts, in the few characters EMVCo allows."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Final

from domain.money import EXPONENTS, MinorUnits

NAME_CHARS: Final = 25
CITY_CHARS: Final = 15
AMOUNT_CHARS: Final = 13
NAMELESS: Final = "UPAY"
NOWHERE: Final = "ONLINE"

# From ISO 4217; no package of ours knows the numbers.
_NUMBERS: Final = {
    "CNY": "156",
    "EUR": "978",
    "GBP": "826",
    "HKD": "344",
    "JPY": "392",
    "KWD": "414",
    "SGD": "702",
    "USD": "840",
}
_CODES: Final = {number: code for code, number in _NUMBERS.items()}


def currency(code: str) -> str:
    """The three digits of a currency that uPay keeps."""
    return _NUMBERS[code]


def currency_read(number: str) -> str:
    """The currency of three digits that `currency` gave."""
    return _CODES[number]


def country(code: str) -> str:
    """A country for a currency: the one whose two letters ISO 4217 begins it with.

    EMVCo wants one, and a person's own is nobody's business. For EUR it is EU, which ISO 3166
    keeps for that.
    """
    return code[:2]


def amount(units: MinorUnits, code: str) -> str | None:
    """The amount with all digits after its currency's point; None when it has no room."""
    written = f"{Decimal(units).scaleb(-EXPONENTS[code]):f}"
    return written if len(written) <= AMOUNT_CHARS else None


def amount_read(written: str) -> MinorUnits:
    """The minor units of what `amount` wrote."""
    return MinorUnits(int(written.replace(".", "")))


def latin_name(name: str) -> str:
    """The name in capital ASCII, without accents, and an asterisk for what has no such letter.

    Capitals need half the modules in a QR code. A name of which nothing is left is `UPAY`.
    """
    return _spelt(name, NAME_CHARS) or NAMELESS


def latin_city(city: str) -> str:
    """The city, spelt alike; one of which nothing is left is `ONLINE`."""
    return _spelt(city, CITY_CHARS) or NOWHERE


def chinese_name(name: str) -> str | None:
    """The name as it is, when there is Chinese in it that `latin_name` loses."""
    return name[:NAME_CHARS].strip() if _is_chinese(name) else None


def chinese_city(city: str) -> str | None:
    """The city, alike."""
    return city[:CITY_CHARS].strip() if _is_chinese(city) else None


def _spelt(name: str, most: int) -> str | None:
    spelt = "".join(_latin(char) for char in name).upper()[:most].strip()
    return spelt if any(char.isalnum() for char in spelt) else None


def _is_chinese(name: str) -> bool:
    return any(unicodedata.name(char, "").startswith("CJK UNIFIED") for char in name)


def _latin(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if " " <= base <= "~" else "*"
