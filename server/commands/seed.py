"""Fills a test server with the demo's small town; a demo does so by itself."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from server import foundations, logs, seeding, signals
from server.refusals import Refused
from server.settings import Mode, Settings


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    if settings.mode is Mode.LIVE:
        raise Refused(
            "A live server has no demo people, whose passwords everybody knows: set UPAY_MODE to "
            "demo or test."
        )
    with foundations.borrowed(settings) as base:
        if settings.mode is Mode.DEMO:
            seeding.seed_once(base)
        else:
            print(signals.run(lambda _: seeding.seed(base)))
    return 0
