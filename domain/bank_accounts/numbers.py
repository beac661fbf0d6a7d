"""Numbers of bank accounts: one spelling, what may be shown, and what must not be sent."""

from __future__ import annotations

import re
from typing import Final

from domain import secrets
from domain.bank_accounts.refusals import CardNumberShown, NumberInvalid

LONGEST_SPELLING: Final = 64
SHOWN_DIGITS: Final = 4

_NUMBER: Final = re.compile(r"[0-9A-Z]{5,34}")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_RUN_OF_DIGITS: Final = re.compile(r"[0-9](?:[ .\-_]*[0-9]){12,}")
_CARD_LENGTHS: Final = range(13, 20)
# Where the numbers of cards begin; a tenth of all account numbers would pass Luhn's check alone.
_CARD_BEGINNINGS: Final = re.compile(r"2[2-7]|3[0-9]|4|5|6|81")
_PURPOSE: Final = "bank-account"


def number(text: str, country: str) -> str:
    """The number of a bank account in `country` (ISO 3166), in one spelling; an IBAN is checked.

    Raises:
        CardNumberShown: it is a card's number rather, which must be nowhere here.
        NumberInvalid: it is none, or an IBAN with a slip in it or of another country.
    """
    if len(text) > LONGEST_SPELLING:
        raise NumberInvalid
    tidy = re.sub(r"[ .\-]", "", text).upper()
    if not _NUMBER.fullmatch(tidy) or sum(char.isdigit() for char in tidy) < SHOWN_DIGITS:
        raise NumberInvalid
    if _is_card_number(tidy) and _CARD_BEGINNINGS.match(tidy):
        raise CardNumberShown
    if _IBAN.fullmatch(tidy) and not (tidy.startswith(country) and _is_iban(tidy)):
        raise NumberInvalid
    return tidy


def refuse_card_number(*texts: str) -> None:
    """Returns when none of the texts holds what could be the number of a card.

    Raises:
        CardNumberShown: one does.
    """
    for text in texts:
        for run in _RUN_OF_DIGITS.finditer(text[:1000]):
            if _is_card_number(re.sub(r"[^0-9]", "", run[0])):
                raise CardNumberShown


def masked(last: str) -> str:
    """As which a number is shown that ends in `last`."""
    return f"•••• {last[-SHOWN_DIGITS:]}"


def fingerprints(named: str) -> list[str]:
    """By what a number or token is known again, with each of the server's keys, the current first.

    A MAC, since there are few enough numbers to try them all.
    """
    return [
        secrets.mac(_PURPOSE, named.encode(), key_id=key_id).hex() for key_id in secrets.key_ids()
    ]


def _is_card_number(digits: str) -> bool:
    """Whether Luhn's check digit is right; ISO/IEC 7812-1."""
    if not digits.isdecimal() or len(digits) not in _CARD_LENGTHS:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def _is_iban(number: str) -> bool:
    """Whether its check digits are right: ISO 13616, by way of ISO 7064's MOD 97-10."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
