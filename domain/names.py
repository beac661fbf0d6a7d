"""Names and addresses: one spelling of each, and what a stranger may see of them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final
from zoneinfo import available_timezones

import phonenumbers

from domain.refusals import Refusal

LOCALES: Final = frozenset({"zh-CN", "en"})
DISPLAY_NAME_MAX: Final = 64
EMAIL_MAX: Final = 254
SPELLING_MAX: Final = 512
"""How long a spelling may be that is looked at, in characters; folding makes some shorter."""
PHONE_SPELLING_MAX: Final = 40

_ACCOUNT_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,31}")
_EMAIL: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})"
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Drawn as nothing, although Unicode calls them letters, marks and symbols.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


class AccountNameInvalid(Refusal):
    """Not 3 to 32 Latin letters, digits, dots, dashes or underscores that begin with a letter."""

    def __init__(self) -> None:
        super().__init__("This is not a name an account can have.")


class DisplayNameInvalid(Refusal):
    """Empty, longer than 64 characters, or with characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("A display name is 1 to 64 visible characters.")


class EmailInvalid(Refusal):
    """Not an e-mail address that a letter could reach."""

    def __init__(self) -> None:
        super().__init__("This is not an e-mail address.")


class PhoneInvalid(Refusal):
    """Not a telephone number in international form."""

    def __init__(self) -> None:
        super().__init__("This is not a telephone number in international form.")


class TimeZoneInvalid(Refusal):
    """Not a time zone of the IANA database."""

    def __init__(self) -> None:
        super().__init__("This is not a known time zone.")


def account_name(text: str) -> str:
    """The folded form in which account names are kept and compared.

    Full-width and capital letters become plain ones (NFKC, case folding); letters of other
    scripts that look like Latin ones are refused, so no two names look alike.

    Raises:
        AccountNameInvalid: it is not one.
    """
    if len(text) > SPELLING_MAX:
        raise AccountNameInvalid
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    if not _ACCOUNT_NAME.fullmatch(folded):
        raise AccountNameInvalid
    return folded


def display_name(text: str) -> str:
    """A name as it is shown, in NFC with single spaces.

    Raises:
        DisplayNameInvalid: it is none.
    """
    if len(text) > SPELLING_MAX:
        raise DisplayNameInvalid
    shown = unicodedata.normalize("NFC", text).strip()
    tidy = " ".join(shown.split())
    kinds = {unicodedata.category(char) for char in shown}
    has_a_body = any(kind[0] in "LNPS" for kind in kinds)
    if not has_a_body or kinds & _UNSEEN or _BLANK & set(shown) or len(tidy) > DISPLAY_NAME_MAX:
        raise DisplayNameInvalid
    return tidy


def email(text: str) -> str:
    """An e-mail address in small letters: no provider tells Ada from ada, and neither do we.

    Raises:
        EmailInvalid: no letter could reach it.
    """
    address = text.strip()
    if len(address) > EMAIL_MAX or not address.isascii():
        raise EmailInvalid
    address = address.lower()
    if not _EMAIL.fullmatch(address) or ".." in address or address[0] == "." or ".@" in address:
        raise EmailInvalid
    return address


def phone(text: str) -> str:
    """A telephone number in E.164, from any usual international notation.

    Raises:
        PhoneInvalid: it is none, or has no country code.
    """
    if len(text) > PHONE_SPELLING_MAX:
        raise PhoneInvalid
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def time_zone(text: str) -> str:
    """A time zone by its IANA name.

    Raises:
        TimeZoneInvalid: there is none of that name.
    """
    if text not in _time_zones():
        raise TimeZoneInvalid
    return text


def masked_name(name: str) -> str:
    """What a stranger sees: enough to recognise somebody known, too little to learn who it is.

    Of a Chinese name the last character is shown (王小明 is **明), of other names the first letter
    of each word (Ada Lovelace is A** L*******); of a word of one letter, nothing.
    """
    if any(_is_han(char) for char in name):
        return "*" * (len(name) - 1) + name[-1] if len(name) > 1 else "*"
    return " ".join(
        word[0] + "*" * (len(word) - 1) if len(word) > 1 else "*" for word in name.split(" ")
    )


def masked_phone(number: str) -> str:
    """The country code's beginning and the last four digits: +86*******0000.

    Of a short number fewer are shown: four are always hidden.
    """
    last = max(len(number) - 4, 7)
    return number[:3] + "*" * (last - 3) + number[last:]


def masked_email(address: str) -> str:
    """The first letter and the domain: a***@example.org, whatever the length."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


@cache
def _time_zones() -> frozenset[str]:
    """Read once: finding them walks through hundreds of files."""
    return frozenset(available_timezones())


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U000323af"
