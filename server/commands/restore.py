"""Brings a backup back into an empty place, and proves that it is whole."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from jobs import sealing
from server import (
    clocks,
    data_folders,
    databases,
    foundations,
    keys,
    logs,
    signals,
    workshops,
)
from server.backups import archives, restoring
from server.backups.archives import Archive
from server.commands import verify
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from server.refusals import Refused
from server.settings import Mode, Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    with archives.opened(Path(asked.file)) as archive:
        brought = _brought(settings, asked.keys, archive)
        restoring.refuse(archive, keys=brought, mode=settings.mode)
        _restore(archive, settings, brought)
    print(f"{asked.file} is restored. Its books:")
    code = verify.run(Namespace(anchors=None), environ)
    if code:
        print("The backup was restored as it was made, and its books are WRONG.")
    return code


def _restore(archive: Archive, settings: Settings, brought: tuple[SecretKey, ...]) -> None:
    data_folders.furnish(settings, brought)
    home = data_folders.entered(settings)
    with databases.opened(settings, home.folder) as urls:
        signals.run(lambda _: restoring.refuse_filled(urls.owner))
        signals.run(lambda _: restoring.restore(archive, urls.owner))
        signals.run(lambda _: foundations.prepare(urls))
        signals.run(lambda _: _seal(urls, brought, settings.mode))


async def _seal(urls: DatabaseUrls, brought: tuple[SecretKey, ...], mode: Mode) -> None:
    """What was committed a moment before the backup had not got its link by then."""
    async with workshops.opened(urls.application, brought):
        now = await clocks.asked(mode)
        await sealing.seal_all(lambda: now)


def _brought(settings: Settings, file: str | None, archive: Archive) -> tuple[SecretKey, ...]:
    """The keys that the restored server will work with."""
    if file is not None and settings.secret_keys:
        raise Refused("The keys come from UPAY_SECRET_KEYS: leave --keys away.")
    if file is not None:
        return _read(Path(file))
    found = data_folders.furnished_keys(settings)
    if not found:
        names = ", ".join(key.id for key in archive.manifest.keys)
        raise Refused(
            f"The backup needs the keys {names}: name the {keys.FILE} of the server it was made "
            "of with --keys, or set UPAY_SECRET_KEYS."
        )
    return found


def _read(file: Path) -> tuple[SecretKey, ...]:
    try:
        return keys.read(file.read_text())
    except (OSError, ValueError, TypeError, json.JSONDecodeError) as error:
        raise Refused(f"{file} cannot be read as a {keys.FILE}: name another.") from error
