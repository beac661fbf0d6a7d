"""Passwords that an operator refuses: a file of words, or of SHA-1 hashes of breached passwords."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from domain import secrets

WORDS_MAX_BYTES: Final = 16_777_216
"""How large a file of plain words may be, which is held in memory."""

_HASH: Final = re.compile(rb"[0-9A-Fa-f]{40}(?::\d+)?")
_HASH_LENGTH: Final = 40
_LINE_MAX_BYTES: Final = 64
_SAMPLES: Final = 64


class BlockListUnusable(Exception):
    """The file cannot be used; `str()` is why, as the end of a sentence about it."""


class BlockList(Protocol):
    """What nobody may choose."""

    def holds(self, password: str) -> bool:
        """Whether a password, in its normal form, is among them; may read the file."""

    def close(self) -> None:
        """Lets go of the file; nothing is looked up afterwards."""


def block_list(path: Path) -> BlockList:
    """The list in a file, whose form is told by its first line.

    Plain words, one on a line, are compared without regard to capitals. Lines of a SHA-1 in
    hexadecimal digits, alone or followed by `:count`, are sorted; they are searched in the file,
    however large it is, and only with the exact password.

    Raises:
        BlockListUnusable: it cannot be read, or is neither of the two.
    """
    try:
        with path.open("rb") as file:
            first = file.readline(_LINE_MAX_BYTES).strip()
        if _HASH.fullmatch(first):
            return _Hashes.opened(path)
        return _Words.read(path)
    except OSError as error:
        raise BlockListUnusable(f"it cannot be read ({error.strerror})") from None


@dataclass(frozen=True, slots=True)
class _Words:
    words: frozenset[str]

    def close(self) -> None:
        pass

    @classmethod
    def read(cls, path: Path) -> _Words:
        if path.stat().st_size > WORDS_MAX_BYTES:
            raise BlockListUnusable(
                f"it is larger than {WORDS_MAX_BYTES >> 20} MiB: give so many as sorted SHA-1 lines"
            )
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            raise BlockListUnusable("it is not text in UTF-8") from None
        words = frozenset(line.strip().casefold() for line in lines if line.strip())
        if not words:
            raise BlockListUnusable("it is empty")
        return cls(words)

    def holds(self, password: str) -> bool:
        return password.casefold() in self.words


@dataclass(frozen=True, slots=True)
class _Hashes:
    """Searched by halves: the largest known list takes some thirty-five reads.

    `descriptor` stays open, so a list that is replaced under a running server is not met half
    written.
    """

    descriptor: int
    size: int

    @classmethod
    def opened(cls, path: Path) -> _Hashes:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        hashes = cls(descriptor, os.fstat(descriptor).st_size)
        try:
            hashes._refuse_disorder()
        except BlockListUnusable:
            os.close(descriptor)
            raise
        return hashes

    def close(self) -> None:
        os.close(self.descriptor)

    def holds(self, password: str) -> bool:
        plain = secrets.as_bytes(password)
        wanted = hashlib.sha1(plain, usedforsecurity=False).hexdigest().upper().encode()
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            start, line = self._line_after(middle)
            if line[:_HASH_LENGTH] == wanted:
                return True
            # Past the last line there is nothing, which counts as later than everything.
            if line and line[:_HASH_LENGTH] < wanted:
                low = max(start, middle + 1)
            else:
                high = middle
        return False

    def _line_after(self, place: int) -> tuple[int, bytes]:
        """The first line that begins at `place` or later, and where it begins."""
        before = max(0, place - 1)
        read = os.pread(self.descriptor, 2 * _LINE_MAX_BYTES, before)
        skipped = read.find(b"\n") + 1 if place else 0
        if place and not skipped:
            return self.size, b""
        return before + skipped, read[skipped:].partition(b"\n")[0].strip().upper()

    def _refuse_disorder(self) -> None:
        """Looks at lines all over the file: all of them would take minutes at each start."""
        places = [self.size * sample // _SAMPLES for sample in range(_SAMPLES)]
        lines = [line for place in places if (line := self._line_after(place)[1])]
        if not all(_HASH.fullmatch(line) for line in lines):
            raise BlockListUnusable("not every line of it is a SHA-1 in hexadecimal digits")
        hashes = [line[:_HASH_LENGTH] for line in lines]
        if hashes != sorted(hashes):
            raise BlockListUnusable("its SHA-1 lines are not sorted: sort them with LC_ALL=C sort")
