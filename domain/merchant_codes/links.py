"""Links to the pages that show what a merchant wants to be paid."""

from __future__ import annotations

import re
from typing import Final

from domain.merchant_codes.texts import Token

LINK_MAX: Final = 512
"""What is longer is no link of ours, and not looked at."""

APP: Final = "upay:/"
"""What stands for the server in a link that opens an app of uPay instead of a page."""

_PATH: Final = re.compile(r"/p/(?:(?P<number>[0-9]{16})|m/(?P<token>[A-Z2-7]{16}))")


def order_link(public_url: str, number: str) -> str:
    """Where anybody can look at an order.

    `public_url` is the server's without a slash at its end, or `APP`.
    """
    return f"{public_url}/p/{number}"


def static_link(public_url: str, token: str) -> str:
    """Where anybody can look at a lasting code, alike."""
    return f"{public_url}/p/m/{token}"


def read_link(text: str, public_url: str) -> str | Token | None:
    """The number of an order or the word of a lasting code; None for any other text."""
    if len(text) > LINK_MAX:
        return None
    beginning = next((each for each in (public_url, APP) if text.startswith(each)), None)
    found = None if beginning is None else _PATH.fullmatch(text[len(beginning) :])
    if found is None:
        return None
    number = found["number"]
    return Token(found["token"]) if number is None else str(number)
