"""EMVCo's way of writing fields in a row: two digits of id, two of length, then the value."""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Final

MAX_CHARS: Final = 512
"""How long a whole code may be (EMV QR Code Specification, merchant-presented mode)."""

CLOSING_CHARS: Final = 8
"""How much of a closed text is its checksum: `6304` and four digits."""

_FORMAT: Final = ("00", "01")
_CHECKSUM_ID: Final = "63"
_CHECKSUM_HEAD: Final = "6304"


class Unreadable(ValueError):
    """The text is not such a row of fields, or its checksum is wrong."""


def joined(fields: Iterable[tuple[str, str]]) -> str:
    """The fields in a row.

    Lengths count characters, not bytes. A value of a field may be such a row itself.

    Raises:
        ValueError: an id is not two digits, or a value not 1 to 99 characters.
    """
    return "".join(_field(id, value) for id, value in fields)


def split(text: str) -> dict[str, str]:
    """The fields of a row, in its order. Values are not looked into, whatever they hold.

    Raises:
        Unreadable: an id or a length is not two ASCII digits, a value is empty or cut short, or
            an id comes twice.
    """
    fields: dict[str, str] = {}
    place = 0
    while place < len(text):
        id, length = text[place : place + 2], text[place + 2 : place + 4]
        start, end = place + 4, place + 4 + _number(length)
        if not _is_two_digits(id) or id in fields or start == end or end > len(text):
            raise Unreadable
        fields[id] = text[start:end]
        place = end
    return fields


def closed(text: str) -> str:
    """The row with its checksum as the last field.

    Raises:
        ValueError: it is longer than `MAX_CHARS` then.
    """
    whole = text + _CHECKSUM_HEAD + _checksum(text + _CHECKSUM_HEAD)
    if len(whole) > MAX_CHARS:
        raise ValueError("A code has at most 512 characters.")
    return whole


def opened(text: str) -> dict[str, str]:
    """The fields of a whole code: the format first, the checksum last, and right.

    Raises:
        Unreadable: it is too long, no such row, of another format, or its checksum is wrong.
    """
    if len(text) > MAX_CHARS:
        raise Unreadable
    fields = split(text)
    if not fields or next(iter(fields.items())) != _FORMAT:
        raise Unreadable
    if next(reversed(fields.items())) != (_CHECKSUM_ID, _checksum(text[:-4])):
        raise Unreadable
    return fields


def _field(id: str, value: str) -> str:
    if not _is_two_digits(id) or not 1 <= len(value) <= 99:
        raise ValueError(f"The field {id!r} cannot be written.")
    return f"{id}{len(value):02}{value}"


def _number(digits: str) -> int:
    if not _is_two_digits(digits):
        raise Unreadable
    return int(digits)


def _is_two_digits(text: str) -> bool:
    # Python takes digits of any script for digits.
    return len(text) == 2 and text.isascii() and text.isdigit()


def _checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE over the text in UTF-8."""
    try:
        return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"
    except UnicodeEncodeError:  # Half of a surrogate pair, which JSON can carry.
        raise Unreadable from None
