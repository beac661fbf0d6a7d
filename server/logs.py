"""Plain, readable logs on the standard error; a library's chatter could carry what people typed."""

from __future__ import annotations

import logging
import sys
from typing import Final

OURS: Final = ("channels", "domain", "jobs", "models", "realtime", "resolvers", "schema", "server")

_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def begin(level: str) -> None:
    """Logs what uPay's own modules say from `level` on, and of the libraries only warnings."""
    logging.basicConfig(
        level=logging.WARNING, format=_FORMAT, datefmt="%H:%M:%S", stream=sys.stderr, force=True
    )
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
