"""The data folder: where it is, whose it is, and that only one uPay uses it at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.embedded import accounts
from server.embedded.accounts import Account
from server.embedded.refusals import EmbeddedPostgresRefused

DEFAULT = Path("upay-data")
DEFAULT_OF_ROOT = Path("/var/lib/upay")

_LOCK = "lock"
_BESIDE_THE_POINT = {"lost+found"}


def data_folder(configured: Path | None) -> Path:
    """Where the data are: `configured` (UPAY_DATA), else ./upay-data, else root's /var/lib/upay.

    Nothing is made here but, for root, the account that PostgreSQL runs as.

    Raises:
        EmbeddedPostgresRefused: that account cannot reach the configured folder.
    """
    account = accounts.unprivileged()
    folder = (configured or DEFAULT).resolve()
    if _is_reachable(folder, account):
        return folder
    if configured is None:
        return DEFAULT_OF_ROOT
    raise _unreachable(folder, account)


def prepare(configured: Path, account: Account) -> Path:
    """Makes the data folder, gives it to `account` and closes it to everybody else.

    Raises:
        EmbeddedPostgresRefused: it holds other things, is somebody else's, or cannot be reached.
    """
    folder = configured.resolve()
    if not _is_reachable(folder, account):
        raise _unreachable(folder, account)
    try:
        if folder.exists():
            _refuse_what_is_not_ours(folder, account)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account.own(folder)
        folder.chmod(0o700)
    except OSError as error:
        raise EmbeddedPostgresRefused(
            f"The data folder {folder} cannot be used ({error.strerror}): set UPAY_DATA to a "
            f"folder that the user {account.name} may write."
        ) from error
    return folder


@contextmanager
def locked(folder: Path, account: Account) -> Iterator[None]:
    """Keeps every other uPay away from `folder` until the block, or this process, ends.

    Raises:
        EmbeddedPostgresRefused: another uPay has it.
    """
    path = folder / _LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _take(descriptor, folder)
        account.own(path)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    # A lock of the system, not a file that says so: a killed process lets go of it by dying.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
        raise EmbeddedPostgresRefused(
            f"Another uPay (process {holder}) is using the data folder {folder}: stop it first, "
            "or give this one a folder of its own with UPAY_DATA."
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())


def _is_reachable(folder: Path, account: Account) -> bool:
    # The folder itself is given to the account later; what counts is the way to it.
    return not account.is_somebody_else or account.can_enter(
        next(parent for parent in folder.parents if parent.exists())
    )


def _refuse_what_is_not_ours(folder: Path, account: Account) -> None:
    owner = folder.stat().st_uid
    if not account.is_somebody_else and owner != account.uid:
        raise _of_somebody_else(folder, account)
    names = {entry.name for entry in folder.iterdir()} - _BESIDE_THE_POINT
    if not names:
        return
    if owner not in (account.uid, os.geteuid()):
        raise _of_somebody_else(folder, account)
    # Closing a home folder that UPAY_DATA named by mistake would lock its person out.
    if _LOCK not in names:
        raise EmbeddedPostgresRefused(
            f"The folder {folder} holds other things and was not made by uPay: set UPAY_DATA to "
            "an empty or a missing folder."
        )


def _of_somebody_else(folder: Path, account: Account) -> EmbeddedPostgresRefused:
    return EmbeddedPostgresRefused(
        f"The data folder {folder} belongs to another user than {account.name}, who would run "
        "PostgreSQL: start uPay as its owner, or give it away with "
        f"`chown -R {account.name} {folder}`."
    )


def _unreachable(folder: Path, account: Account) -> EmbeddedPostgresRefused:
    return EmbeddedPostgresRefused(
        f"PostgreSQL runs as the user {account.name}, who cannot reach the data folder {folder}: "
        f"set UPAY_DATA to a folder outside private ones, such as {DEFAULT_OF_ROOT}."
    )
