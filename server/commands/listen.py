"""Prints the webhooks of a demo or a test server for whoever writes a program that takes them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress

from server import listening, signals
from server.refusals import Refused
from server.settings import Mode, Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    if settings.mode is Mode.LIVE:
        raise Refused(
            "A live server tells nobody on this machine: listen to a demo or a test server."
        )
    wish = listening.Wish(
        server=(asked.server or f"http://127.0.0.1:{settings.port}").rstrip("/"),
        port=asked.port,
        key=asked.key,
        secret=asked.secret,
        events=tuple(asked.events.split(",")),
        forward=asked.forward,
    )
    with suppress(KeyboardInterrupt):
        signals.run(lambda stop: listening.listen(wish, stop))
    return 0
