"""Answers requests and works the jobs, until stopped."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from server import (
    conjuring,
    foundations,
    greetings,
    logs,
    running,
    scrapes,
    seeding,
    signals,
    sockets,
    supervising,
    tracing,
)
from server.settings import Mode, Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    named = {} if asked.workers is None else {"UPAY_WORKERS": asked.workers}
    settings = Settings.read({**environ, **named})
    logs.begin(settings.log_level, settings.log_format)
    tracing.is_wanted(environ)
    with suppress(KeyboardInterrupt):
        _serve(settings)
    print("uPay was stopped.")
    return 0


def _serve(settings: Settings) -> None:
    with sockets.taken(settings) as listener:
        address = sockets.address(listener)
        with (
            scrapes.window(settings) as window,
            foundations.laid(settings, address=address) as laid,
        ):
            base = replace(laid, window=window)
            if settings.mode is Mode.DEMO:
                seeding.seed_once(base)
            elif settings.mode is Mode.TEST:
                signals.run(lambda _: conjuring.seed(base))
            on_ready = partial(greetings.ready, base, sockets.friendly(address))
            if settings.workers > 1:
                supervising.serve(base, listener, on_ready=on_ready)
            else:
                signals.run(lambda stop: running.serve(base, listener, stop, on_ready=on_ready))
