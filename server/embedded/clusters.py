"""A cluster is one PostgreSQL's data on the disk, with the passwords that open it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from server.embedded.accounts import Account
from server.embedded.binaries import MAJOR_VERSION
from server.embedded.refusals import EmbeddedPostgresRefused


@dataclass(frozen=True)
class Passwords:
    """The generated passwords of the three roles; they never appear in a repr."""

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    application: str = field(repr=False)


@dataclass(frozen=True)
class Cluster:
    """Where a cluster is, and who runs which programs on it."""

    home: Path
    account: Account
    programs: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def passwords_file(self) -> Path:
        return self.home / "passwords.json"

    def passwords(self) -> Passwords:
        """Raises:
        EmbeddedPostgresRefused: they are not there; making others is for a person to decide.
        """
        try:
            return Passwords(**json.loads(self.passwords_file.read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise EmbeddedPostgresRefused(
                f"The database in {self.home} is there, but its passwords in "
                f"{self.passwords_file} are missing or unreadable: bring that file back from a "
                "backup of the data folder; uPay sets no new passwords by itself."
            ) from error

    def refuse_what_cannot_run(self) -> None:
        """Raises:
        EmbeddedPostgresRefused: the data are of another PostgreSQL or of another user.
        """
        found = self._version()
        if found != MAJOR_VERSION:
            raise EmbeddedPostgresRefused(
                f"The data in {self.home} are of PostgreSQL {found} and this uPay brings "
                f"{MAJOR_VERSION}: take a backup with pg_dump while version {found} still runs "
                f"them, move {self.home} away, start uPay, and restore the backup with pg_restore."
            )
        if self.data.stat().st_uid != self.account.uid:
            raise EmbeddedPostgresRefused(
                f"The database in {self.home} belongs to another user than {self.account.name}, "
                "who would run PostgreSQL: start uPay as its owner, or give it away with "
                f"`chown -R {self.account.name} {self.home.parent}`."
            )

    def _version(self) -> str:
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise EmbeddedPostgresRefused(
                f"The folder {self.data} holds no readable database ({error.strerror}): bring "
                f"{self.home} back from a backup, or move it away to begin with an empty one."
            ) from error
