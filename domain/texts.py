"""Words that people write: kept as they mean them, without what cannot be seen."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.refusals import Refusal

NOTE_MAX: Final = 140
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class NoteInvalid(Refusal):
    """A note is at most 140 characters of visible text."""

    def __init__(self) -> None:
        super().__init__("A note is at most 140 characters of visible text.")


def note(text: str) -> str:
    """A movement's note in NFC, trimmed; emoji joiners are kept.

    Raises:
        NoteInvalid: it is too long, or has control, override or other unseen characters.
    """
    tidy = unicodedata.normalize("NFC", text).strip()
    if len(tidy) > NOTE_MAX or not is_seen(tidy):
        raise NoteInvalid
    return tidy


def is_seen(text: str) -> bool:
    """Whether nothing in it is a control, an override or otherwise unseen."""
    return all(_is_seen(char) for char in text)


def _is_seen(char: str) -> bool:
    return char == "\u200d" or unicodedata.category(char) not in _UNSEEN
