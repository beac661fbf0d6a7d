"""Brings the database's tables up to this code; `serve` does the same when it starts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from server import foundations, logs, signals
from server.settings import Settings


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    with foundations.reached(settings) as (__, urls):
        applied = signals.run(lambda _: foundations.prepare_for(settings.mode, urls))
    for name in applied:
        print(f"applied {name}")
    print("The database is as this uPay needs it.")
    return 0
