"""The log as it is written, line by line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.logs import OURS, Lines


class Log:
    """What was logged so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line as the object it is."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@contextmanager
def logged(*, is_text: bool = False, level: int = logging.DEBUG) -> Iterator[Log]:
    """Whatever uPay logs from `level` on during the block is written here as well."""
    log = Log()
    speaker = logging.StreamHandler(log.stream)
    speaker.setFormatter(Lines(is_text=is_text))
    loggers = [logging.getLogger(name) for name in OURS]
    before = [each.level for each in loggers]
    logging.getLogger().addHandler(speaker)
    for each in loggers:
        each.setLevel(level)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(speaker)
        for each, was in zip(loggers, before, strict=True):
            each.setLevel(was)
