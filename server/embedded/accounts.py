"""The account of the operating system that PostgreSQL runs as, because it refuses to be root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.embedded.refusals import EmbeddedPostgresRefused

NAME = "upay"
COMMAND_SECONDS = 300

# Nothing of the caller's surroundings reaches PostgreSQL: PGDATA, PGOPTIONS or the locale of
# somebody's shell would change what it does, and its messages are read here in English.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """Who PostgreSQL runs as: `upay` when root started uPay, else whoever started it."""

    name: str
    uid: int
    gid: int
    is_somebody_else: bool

    def run(
        self, command: Sequence[str | Path], text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Runs `command` to its end as this account, with `text` as its input."""
        return subprocess.run(  # noqa: S603 - every command is a list written in this package.
            command,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=COMMAND_SECONDS,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            user=self.uid if self.is_somebody_else else None,
            group=self.gid if self.is_somebody_else else None,
            extra_groups=[] if self.is_somebody_else else None,
        )

    def launch(self, command: Sequence[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Starts `command` as this account and returns at once; what it says goes to `log`."""
        # Its own session: Ctrl-C in a terminal goes to the whole foreground group, and PostgreSQL
        # must not hear it before uPay has closed its connections.
        return subprocess.Popen(  # noqa: S603 - every command is a list written in this package.
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            user=self.uid if self.is_somebody_else else None,
            group=self.gid if self.is_somebody_else else None,
            extra_groups=[] if self.is_somebody_else else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Asks the system, as this account: only it knows every mount and access list."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder]).returncode == 0

    def own(self, path: Path) -> None:
        """Gives `path` (never what a link there points to) to this account."""
        if self.is_somebody_else:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged() -> Account:
    """The account PostgreSQL runs as; for root it is `upay`, made when absent.

    Raises:
        EmbeddedPostgresRefused: root has no such account and cannot make or become it.
    """
    if os.geteuid() != 0:
        return Account(_own_name(), os.geteuid(), os.getegid(), is_somebody_else=False)
    entry = _entry() or _created()
    account = Account(NAME, entry.pw_uid, entry.pw_gid, is_somebody_else=True)
    if entry.pw_uid == 0 or not _can_be_taken(account):
        raise EmbeddedPostgresRefused(
            f"PostgreSQL refuses to run as root, and uPay may not become the user {NAME} here: "
            "start uPay as an ordinary user."
        )
    return account


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _created() -> pwd.struct_passwd:
    why = _useradd()
    # Asked again even after a failure: another uPay may have made it at the same moment.
    if (entry := _entry()) is not None:
        return entry
    raise EmbeddedPostgresRefused(
        f"PostgreSQL refuses to run as root, and the user {NAME} could not be created ({why}): "
        f"create it once with `useradd --system --user-group {NAME}`, or start uPay as an "
        "ordinary user."
    )


def _useradd() -> str:
    """Tries to make the account; what came in the way, in a few words."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return "there is no useradd here"
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run(  # noqa: S603 - a system program with constant arguments.
        [program, *options, "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=COMMAND_SECONDS,
    )
    return made.stderr.strip() or f"useradd ended with {made.returncode}"


def _can_be_taken(account: Account) -> bool:
    # A container may have a root that is not allowed to become anybody else.
    try:
        return account.can_enter(Path("/"))
    except OSError:
        return False
