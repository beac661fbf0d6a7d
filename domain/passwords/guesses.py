"""What of a password is its owner's own, and not what everybody would try first."""

from __future__ import annotations

import importlib.util
import re
import runpy
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

OWN_CHARACTERS: Final = 8
"""How many there must be, where a run, a repetition and a listed word count as one each."""

_RUN_LENGTH: Final = 3
_REPEATED: Final = re.compile(r"(.)\1{2,}|(.{2,16}?)\2+", re.DOTALL)
_KEYS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertz",
    "azertyuiop",
    "!@#$%^&*()",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
)
_NEIGHBOURS: Final = frozenset(
    pair for keys in _KEYS for one, two in pairwise(keys) for pair in (one + two, two + one)
)
# What is put around a word: digits and signs, or only behind it, or only signs.
_EDGES: Final = (
    re.compile(r"^[\W\d_]+|[\W\d_]+$"),
    re.compile(r"[\W\d_]+$"),
    re.compile(r"^[\W_]+|[\W_]+$"),
)
_DISGUISES: Final = str.maketrans("@4301$57!", "aaeolssti")


def is_common(folded: str) -> bool:
    """Whether a password, folded, is one that many have, or such a one with little around it.

    `Password2024!!` keeps every rule of classes and is among the first guesses: programs that
    guess begin with the commonest passwords, their capitals and digits and signs put around them.
    """
    once = _REPEATED.sub(r"\1\2", folded)
    if folded in commonest() or once in commonest():
        return True
    return any(
        core in commonest() and _own(text.replace(written, "\0", 1)) < OWN_CHARACTERS
        for text in (folded, once)
        for written, core in _cores(text)
    )


def is_pattern(folded: str) -> bool:
    """Whether little more than rows of keys, sequences and repetitions is in a folded password.

    What has too few characters to begin with is short, and no pattern.
    """
    return _own(folded) < OWN_CHARACTERS <= len(folded)


@cache
def commonest() -> frozenset[str]:
    """The 30,000 commonest passwords, as zxcvbn counted them.

    Its file is run by itself: the package around it takes five times as long to load, and as much
    memory as the rest of uPay's words.
    """
    package = importlib.util.find_spec("zxcvbn")
    if package is None or package.origin is None:
        raise RuntimeError("zxcvbn, whose list of common passwords is needed, is not installed.")
    lists = runpy.run_path(str(Path(package.origin).with_name("frequency_lists.py")))
    return frozenset(lists["FREQUENCY_LISTS"]["passwords"])


def _own(folded: str) -> int:
    """How many characters there are, when repetitions and runs count as one each."""
    return _without_runs(_REPEATED.sub(r"\1\2", folded))


def _without_runs(text: str) -> int:
    own = run = 0
    for before, char in pairwise("\0" + text):
        run = run + 1 if before + char in _NEIGHBOURS else 1
        # The third in a row makes it a run: from then on all of them are one.
        own += {1: 1, 2: 1, _RUN_LENGTH: -1}.get(run, 0)
    return own


def _cores(folded: str) -> Iterator[tuple[str, str]]:
    """Words that may be at the heart of a password: as written there, and without disguise."""
    for edges in _EDGES:
        written = edges.sub("", folded)
        for core in (written, written.translate(_DISGUISES)):
            if core:
                yield written, core
