"""Small files for the owner's eyes: there whole or not at all, however uPay ends meanwhile.

The data folder belongs to PostgreSQL's account, so root follows no link that lies there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def kept(file: Path, text: Callable[[], str]) -> str:
    """What the file says; the first time it is made, and says `text()`.

    Raises:
        OSError: it can be neither read nor made.
    """
    if not file.exists():
        # Whoever else makes it at the same moment is as right.
        with suppress(FileExistsError):
            _put(file, text(), os.link)
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    with open(descriptor, encoding="utf-8") as opened:
        return opened.read()


def write(file: Path, text: str) -> None:
    """Makes the file say `text`, whatever it said before.

    Raises:
        OSError: it cannot be written.
    """
    _put(file, text, os.replace)


def _put(file: Path, text: str, place: Callable[[str, Path], None]) -> None:
    descriptor, half = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(descriptor)
        place(half, file)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(half)
