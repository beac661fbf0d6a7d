"""What follows when a job fails: when it is tried again, and what is kept of the error."""

from __future__ import annotations

import random
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Final

MAX_ATTEMPTS: Final = 12
"""With the pauses below a job is tried for about an hour."""

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 900.0
LONGEST_TEXT: Final = 200

_HOUSE: Final = Path(__file__).parent.parent
_FLOORS: Final = frozenset({"channels", "domain", "jobs", "models", "realtime", "schema"})


def pause(attempts: int) -> timedelta:
    """How long to wait after the failed try number `attempts`; twice as long each time.

    Spread over half its length, so that what failed together does not come back together.
    """
    longest = min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=longest * random.uniform(0.5, 1))  # noqa: S311


def described(error: BaseException) -> str:
    """The error's name and place, and the first line of its text if we wrote it ourselves.

    What other people's exceptions say may hold an address, a password or a customer's data.
    """
    name = type(error).__name__
    if type(error).__module__.partition(".")[0] in _FLOORS:
        [line, *_] = str(error).splitlines() or [""]
        return f"{name}: {line[:LONGEST_TEXT]}"
    return f"{name} {_place(error)}".strip()


def _place(error: BaseException) -> str:
    """The innermost line of ours that the error came through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_HOUSE) and file.relative_to(_HOUSE).parts[0] in _FLOORS:
            return f"at {file.relative_to(_HOUSE)}:{frame.lineno}"
    return ""
