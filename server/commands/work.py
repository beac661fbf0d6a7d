"""Works the jobs only, in a process beside the servers that answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from server import foundations, key_checks, logs, running, scrapes, signals, tracing
from server.refusals import Refused
from server.settings import Mode, Settings


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    _refuse_alone(settings)
    logs.begin(settings.log_level, settings.log_format)
    tracing.is_wanted(environ)
    with (
        suppress(KeyboardInterrupt),
        scrapes.window(replace(settings, workers=1)) as window,
        foundations.borrowed(settings) as borrowed,
    ):
        base = replace(borrowed, window=window)
        signals.run(lambda _: key_checks.refuse_lost(base.keys, base.database_url))
        print("uPay works its jobs. Ctrl-C stops it.", flush=True)
        signals.run(lambda stop: running.work(base, stop))
    print("uPay was stopped.")
    return 0


def _refuse_alone(settings: Settings) -> None:
    if settings.is_embedded:
        raise Refused(
            "The embedded database belongs to the server that runs it, which works its jobs "
            "itself: set UPAY_DATABASE_URL to work them apart."
        )
    if settings.redis_url is None:
        raise Refused(
            "A process that works the jobs and one that answers hear each other through Redis: "
            "set UPAY_REDIS_URL."
        )
    if settings.provider_url is None and settings.mode is not Mode.LIVE:
        raise Refused(
            "The provider's simulator belongs to the server that started it: set "
            "UPAY_PROVIDER_URL and UPAY_PROVIDER_SECRET to work the jobs apart."
        )
