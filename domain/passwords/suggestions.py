"""Passwords for whoever wants one made."""

from __future__ import annotations

import secrets as randomness
from typing import Final

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_DIGITS: Final = "23456789"
_GROUPS: Final = 4
_GROUP_LENGTH: Final = 4


def suggestion(account_name: str = "") -> str:
    """A password that keeps the rules of either profile, such as `kd7m-xw2v-9ftr-hqe3`.

    79 random bits in small letters and digits, none of which looks like another, so that it can
    be read from a paper and typed on a telephone. A short account name is not in it by chance.
    """
    while True:
        drawn = "-".join(_group() for _ in range(_GROUPS))
        is_mixed = any(map(str.isdigit, drawn)) and any(map(str.isalpha, drawn))
        if is_mixed and not (account_name and account_name.casefold() in drawn):
            return drawn


def _group() -> str:
    return "".join(randomness.choice(_LETTERS + _DIGITS) for _ in range(_GROUP_LENGTH))
