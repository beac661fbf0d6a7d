"""The data folder as a server finds it: its place, its mode, its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server import keys, private_files
from server.embedded import accounts, folders
from server.keys import SecretKey
from server.refusals import Refused
from server.settings import Mode, Settings

MODE_FILE: Final = "mode"
DEFAULT: Final = folders.DEFAULT


@dataclass(frozen=True)
class Home:
    """Where a server keeps things, and the keys it works with.

    A live server on a PostgreSQL of its own and with keys from outside keeps nothing: `folder` is
    None there.
    """

    folder: Path | None
    keys: tuple[SecretKey, ...] = field(repr=False)


def entered(settings: Settings) -> Home:
    """The home that these settings name; what it lacks is made.

    Raises:
        Refused: it belongs to a server of another mode, or cannot be used.
        EmbeddedPostgresRefused: PostgreSQL cannot live there, or another uPay is using it.
    """
    if settings.is_embedded:
        account = accounts.unprivileged()
        folder = folders.prepare(folders.data_folder(settings.data), account)
        with folders.locked(folder, account):
            return _furnished(folder, settings)
    if settings.mode is Mode.LIVE:
        return Home(None, settings.secret_keys)
    return _furnished(_made(settings.data or DEFAULT), settings)


def furnished_keys(settings: Settings) -> tuple[SecretKey, ...]:
    """The keys that this server would work with and that are there already; makes none.

    Raises:
        Refused: they cannot be read.
    """
    folder = _place(settings)
    if settings.secret_keys or not (folder / keys.FILE).exists():
        return settings.secret_keys
    return keys.kept(folder, mode=settings.mode)


def furnish(settings: Settings, brought: tuple[SecretKey, ...]) -> None:
    """Puts keys into a home that has none yet, before anything else is made in it.

    Raises:
        Refused: there are other keys, or the folder cannot be used.
        EmbeddedPostgresRefused: PostgreSQL cannot live there, or another uPay is using it.
    """
    if settings.secret_keys:
        return
    if settings.is_embedded:
        account = accounts.unprivileged()
        folder = folders.prepare(_place(settings), account)
        with folders.locked(folder, account):
            _put(folder, settings, brought)
    else:
        _put(_made(_place(settings)), settings, brought)


def embedded(settings: Settings) -> Path | None:
    """The folder of the embedded database, of which nothing is made; None without one.

    Raises:
        EmbeddedPostgresRefused: PostgreSQL cannot live there.
    """
    return folders.data_folder(settings.data) if settings.is_embedded else None


def shared(folder: Path, settings: Settings) -> Home:
    """The home of the uPay that is running in `folder`.

    Raises:
        Refused: it is of another mode.
    """
    return _furnished(folder, settings)


def _furnished(folder: Path, settings: Settings) -> Home:
    try:
        _keep_apart(folder, settings.mode)
        made = settings.secret_keys or keys.kept(folder, mode=settings.mode)
        return Home(folder, made)
    except OSError as error:
        raise _unusable(folder, error) from error


def _place(settings: Settings) -> Path:
    if settings.is_embedded:
        return folders.data_folder(settings.data)
    return (settings.data or DEFAULT).resolve()


def _put(folder: Path, settings: Settings, brought: tuple[SecretKey, ...]) -> None:
    there = furnished_keys(settings)
    if there and there != brought:
        raise Refused(
            f"There are other keys in {folder / keys.FILE}: move them away, or set UPAY_DATA to "
            "an empty or a missing folder."
        )
    if not there and not (folder / "postgres").exists():
        try:
            keys.keep(folder, brought)
        except OSError as error:
            raise _unusable(folder, error) from error


def _keep_apart(folder: Path, mode: Mode) -> None:
    """Demo people have known passwords: a live server must never come upon them."""
    found = private_files.kept(folder / MODE_FILE, lambda: f"{mode}\n").strip()
    if found != mode:
        raise Refused(
            f"The data in {folder} are those of a {found} server and UPAY_MODE is {mode}: "
            "give each mode a folder of its own with UPAY_DATA."
        )


def _made(folder: Path) -> Path:
    folder = folder.resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def _unusable(folder: Path, error: OSError) -> Refused:
    return Refused(
        f"The data folder {folder} cannot be used ({error.strerror}): set UPAY_DATA to a folder "
        "that uPay may write."
    )
