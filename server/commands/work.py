"""Works the jobs only, in a process beside the servers that answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress

from server import foundations, logs, running, signals
from server.refusals import Refused
from server.settings import Mode, Settings


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    _refuse_alone(settings)
    logs.begin(settings.log_level)
    with suppress(KeyboardInterrupt), foundations.borrowed(settings) as base:
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
