"""Keeps everything but the keys in one file, while the server goes on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from server import data_folders, foundations, key_checks, keys, logs, signals
from server.backups import making
from server.backups.manifests import Manifest, NeededKey
from server.data_folders import Home
from server.refusals import Refused
from server.settings import Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    path = Path(asked.file).absolute()
    folder = data_folders.embedded(settings)
    if folder is not None and not folder.exists():
        raise Refused(f"There are no data in {folder}, so there is nothing to keep.")
    with foundations.reached(settings) as (home, urls):
        manifest = signals.run(
            lambda _: making.make(
                path, urls.owner, keys=home.keys, mode=settings.mode, now=datetime.now(UTC)
            )
        )
    _tell(path, manifest, home, settings)
    return 0


def _tell(path: Path, manifest: Manifest, home: Home, settings: Settings) -> None:
    rows = sum(manifest.facts["rows"].values())
    print(
        f"{path} holds {rows:,} rows in {path.stat().st_size:,} bytes.\n"
        "It is of no use without these keys, which are not in it; keep them as safe as it, and "
        "elsewhere:"
    )
    for key in manifest.keys:
        print(f"  {key.id:<18}{_place(key, home, settings)}{_uses(key)}")


def _place(key: NeededKey, home: Home, settings: Settings) -> str:
    if key.fingerprint is None:
        return "LOST: not among the secret keys"
    if settings.secret_keys or home.folder is None:
        return "UPAY_SECRET_KEYS"
    return str(home.folder / keys.FILE)


def _uses(key: NeededKey) -> str:
    words = [f"{rows} {key_checks.WORDS[place]}" for place, rows in key.uses.items()]
    return f" ({', '.join(words)})" if words else ""
