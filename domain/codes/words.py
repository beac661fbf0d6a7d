"""The random words that codes carry for what they stand for, so that they tell nothing of it."""

from __future__ import annotations

import base64
import re
import secrets as randomness
from typing import Final

TOKEN_BYTES: Final = 10
"""80 random bits: nobody meets one by chance, and it fills 16 letters of base32."""

_TOKEN: Final = re.compile("[A-Z2-7]{16}")


def token() -> str:
    """A random word of 16 letters."""
    return base64.b32encode(randomness.token_bytes(TOKEN_BYTES)).decode()


def is_token(text: str) -> bool:
    """Whether it can be such a word."""
    return _TOKEN.fullmatch(text) is not None
