"""The server's secret keys: made, counted, replaced, taken away."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain import key_uses, sealed_files, second_factors, webhooks
from domain.key_uses import KeyUse
from models.database import connected
from server import (
    data_folders,
    databases,
    foundations,
    key_checks,
    keys,
    logs,
    signals,
    workshops,
)
from server.data_folders import Home
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from server.refusals import Refused
from server.settings import Settings

BATCH: Final = 100


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    if asked.action == "new":
        print(keys.new().text)
        return 0
    settings = Settings.read(environ)
    logs.begin("warning")
    with _reached(settings) as (home, urls):
        _ACTIONS[asked.action](asked, settings, home, urls)
    return 0


@contextmanager
def _reached(settings: Settings) -> Iterator[tuple[Home, DatabaseUrls]]:
    folder = data_folders.embedded(settings)
    if folder is not None and not folder.exists():
        raise Refused(f"There are no data in {folder}, so there are no keys: start uPay first.")
    with foundations.reached(settings) as reached:
        yield reached


def _status(_: Namespace, __: Settings, home: Home, urls: DatabaseUrls) -> None:
    uses = signals.run(lambda _: _counted(urls))
    for line in _table(home.keys, uses):
        print(line)


def _add(_: Namespace, settings: Settings, home: Home, __: DatabaseUrls) -> None:
    folder = _folder_of_keys(settings, home)
    fresh = keys.new(f"{settings.mode}-")
    keys.keep(folder, (fresh, *home.keys))
    print(
        f"{fresh.id} is in front of {folder / keys.FILE}.\n"
        "Restart uPay, so that it works with it; then `python -m server keys rotate`."
    )


def _rotate(_: Namespace, settings: Settings, home: Home, urls: DatabaseUrls) -> None:
    _refuse_before_restart(settings, home)
    sealed, uses = signals.run(lambda _: _resealed(home, urls))
    print(f"{sealed} second factors and files were sealed with {home.keys[0].id}.")
    for line in _table(home.keys, uses):
        print(line)
    print("A PIN changes to the key in use when its owner next proves it.")


def _remove(asked: Namespace, settings: Settings, home: Home, urls: DatabaseUrls) -> None:
    folder = _folder_of_keys(settings, home)
    uses = signals.run(lambda _: _counted(urls))
    left = tuple(key for key in home.keys if key.id != asked.id)
    if len(left) == len(home.keys) or asked.id == home.keys[0].id:
        raise Refused(f"{asked.id} is not one of the older keys in {folder / keys.FILE}.")
    if need := key_checks.needed(uses, asked.id):
        raise Refused(f"{asked.id} is still needed: {need} are kept with it.")
    keys.keep(folder, left)
    print(f"{asked.id} was removed. Backups, receipts and receive codes that name it need it.")


def _forget(asked: Namespace, _: Settings, home: Home, urls: DatabaseUrls) -> None:
    if asked.id in {key.id for key in home.keys}:
        raise Refused(f"{asked.id} is among the secret keys: only what a lost key kept is lost.")
    gone = signals.run(lambda _: _forgotten(asked.id, urls))
    print(f"{gone} PINs, second factors and files of the lost key {asked.id} were taken away.")


_ACTIONS: Final[Mapping[str, Callable[[Namespace, Settings, Home, DatabaseUrls], None]]] = {
    "status": _status,
    "add": _add,
    "rotate": _rotate,
    "remove": _remove,
    "forget": _forget,
}


async def _counted(urls: DatabaseUrls) -> list[KeyUse]:
    async with connected(urls.application, pool_size=1):
        return await key_uses.counted()


async def _resealed(home: Home, urls: DatabaseUrls) -> tuple[int, list[KeyUse]]:
    total = 0
    async with workshops.opened(urls.application, home.keys):
        for reseal in (second_factors.reseal, sealed_files.reseal, webhooks.reseal):
            while sealed := await reseal(limit=BATCH):
                total += sealed
        return total, await key_uses.counted()


async def _forgotten(key_id: str, urls: DatabaseUrls) -> int:
    async with connected(urls.application, pool_size=1):
        return await key_uses.forget(key_id)


def _table(known: Sequence[SecretKey], uses: Sequence[KeyUse]) -> Iterator[str]:
    rows = key_checks.rows_by_key(uses)
    lost = key_checks.missing(uses, [key.id for key in known])
    yield "key               " + "".join(f"{word:>16}" for word in key_checks.WORDS.values())
    for key_id in [*(key.id for key in known), *lost]:
        counts = [rows.get(key_id, {}).get(place, 0) for place in key_checks.WORDS]
        yield (
            f"{key_id:<18}"
            + "".join(f"{count:>16}" for count in counts)
            + (f"  {_state(key_id, known, is_needed=any(counts))}")
        )


def _state(key_id: str, known: Sequence[SecretKey], *, is_needed: bool) -> str:
    if key_id == known[0].id:
        return "in use"
    if key_id not in {key.id for key in known}:
        return "MISSING: bring it back"
    return "still needed" if is_needed else "may be removed (see docs/operate/keys.md)"


def _folder_of_keys(settings: Settings, home: Home) -> Path:
    if settings.secret_keys or home.folder is None:
        raise Refused(
            "The keys of this server come from UPAY_SECRET_KEYS: change them there; "
            "`python -m server keys new` makes one."
        )
    return home.folder


def _refuse_before_restart(settings: Settings, home: Home) -> None:
    """What is sealed with a key that the running server has not read could not be opened there."""
    folder = data_folders.embedded(settings)
    if folder is None or settings.secret_keys or not databases.is_in_use(folder):
        return
    if (folder / keys.FILE).stat().st_mtime > (folder / "lock").stat().st_mtime:
        raise Refused(
            f"The uPay that is running was started before its keys were changed: restart it, so "
            f"that it knows {home.keys[0].id}; then rotate."
        )
