"""What GraphQL says of a document or a variable that does not fit, without repeating what it held.

It was the caller's own; but answers are kept by browsers, proxies and reports of errors, where a
password has no place because the field beside it was misspelt.
"""

from __future__ import annotations

import re
from typing import Final

_FOUND: Final = re.compile(r"[,.]?(\?)? [Ff]ound: .*", re.DOTALL)
_VALUE: Final = re.compile(r"(represent (?:an? )?\S[^:]* value): .*", re.DOTALL)
_TOKEN: Final = re.compile(r"\b(BlockString|Float|Int|String) (['\"]).*", re.DOTALL)


def silenced(message: str) -> str:
    """The message up to the value it quotes."""
    message = _FOUND.sub(lambda found: found[1] or ".", message)
    message = _VALUE.sub(r"\1.", message)
    return _TOKEN.sub(r"\1.", message)
