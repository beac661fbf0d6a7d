"""The log, on the standard error: one line for one event, which nobody's words can break.

On a terminal it is for reading, anywhere else each line is a JSON object. What libraries say below
a warning is left away: it could carry what people typed.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TypeAlias

from server import tracebacks

OURS: Final = (
    *("channels", "domain", "jobs", "models", "realtime", "resolvers", "schema", "server"),
    "upay",
)

Facts: TypeAlias = Callable[[], Mapping[str, object]]

about: Final[ContextVar[Facts | str | None]] = ContextVar("about", default=None)
"""What every line of this task says besides its message; a text is the id of its request."""

# What a line may say besides its message, so that nothing else gets in by accident.
_FACTS: Final = (
    *("request_id", "api", "kind", "operation", "outcome", "code", "ms", "points", "events"),
    *("person", "merchant", "job", "job_kind", "trace_id"),
)

_encoded: Final = json.JSONEncoder(default=str).encode


def begin(level: str, form: str = "auto") -> None:
    """Logs what uPay's own modules say from `level` on, and of the libraries only warnings.

    `form` is `text` or `json`; `auto` is text on a terminal.
    """
    is_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    speaker = logging.StreamHandler(sys.stderr)
    speaker.setFormatter(Lines(is_text=is_text))
    logging.basicConfig(level=logging.WARNING, handlers=[speaker], force=True)
    # Nobody reads them, and looking them up takes as long as writing the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


class Lines(logging.Formatter):
    """One line of each record; as text, an error's own lines follow it, indented."""

    def __init__(self, *, is_text: bool) -> None:
        super().__init__()
        self._is_text = is_text

    def format(self, record: logging.LogRecord) -> str:
        event = _event(record)
        return _text(event) if self._is_text else _encoded(event)


def _event(record: logging.LogRecord) -> dict[str, object]:
    said = record.getMessage().strip()
    event: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        # The further lines of asyncio's are reprs, of errors and of what tasks were called with.
        "event": said.partition("\n")[0] if record.name == "asyncio" else said,
    }
    known = about.get()
    if known is not None:
        event.update({"request_id": known} if isinstance(known, str) else known())
    given = record.__dict__
    event.update({name: given[name] for name in _FACTS if name in given})
    if record.exc_info and record.exc_info[1] is not None:
        event["error"] = tracebacks.told(record.exc_info[1])
    return event


def _text(event: dict[str, object]) -> str:
    time, level, name = (str(event.pop(each)) for each in ("time", "level", "logger"))
    said, error = event.pop("event"), str(event.pop("error", ""))
    facts = [f"{key}={value}" for key, value in event.items()]
    lines = [" ".join([time[11:19], f"{level.upper():7}", f"{name}:", str(said), *facts])]
    lines += [f"    {line}" for line in error.split("\n") if error]
    return "\n".join(_plain(line) for line in lines)


def _plain(line: str) -> str:
    """What cannot be printed, as an escape: a terminal must obey nobody's name."""
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else _escape(each) for each in line)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
