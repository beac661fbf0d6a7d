"""Lists every setting, what it is now, and where that comes from."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from server.settings import Setting, Settings, known
from server.settings.examples import example


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    if asked.example:
        print(example(), end="")
        return 0
    Settings.read(environ)
    for setting in known():
        print(f"{setting.name}={_shown(setting, environ)}")
    return 0


def _shown(setting: Setting, environ: Mapping[str, str]) -> str:
    origin = next((name for name in setting.names if environ.get(name, "").strip()), None)
    if origin is None:
        return f"{setting.default}  (default)" if setting.default else "  (not set)"
    return f"…  (from {origin})" if setting.is_secret else environ[origin].strip()
