"""The first start makes the cluster, its roles and its database: whole, or not at all."""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from server.embedded.clusters import Cluster, Passwords
from server.embedded.refusals import EmbeddedPostgresRefused

SUPERUSER = "postgres"
OWNER = "upay_owner"
APPLICATION = "upay_app"
DATABASE = "upay"

_UNFINISHED = "postgres-unfinished-"

# Nobody is let in without a password, wherever they come from, and nobody from another machine.
_WHO_MAY_CONNECT = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"


def make(cluster: Cluster, *, durable: bool) -> None:
    """Makes `cluster` beside its place and renames it last, so that it is never there by half.

    Raises:
        EmbeddedPostgresRefused: PostgreSQL's own programs failed; nothing is left behind.
    """
    _remove_unfinished(cluster.home.parent)
    half = Cluster(_beside(cluster), cluster.account, cluster.programs)
    passwords = Passwords(*(secrets.token_urlsafe(32) for _ in range(3)))
    try:
        _initdb(half, passwords, durable=durable)
        _write_private(half, half.data / "pg_hba.conf", _WHO_MAY_CONNECT)
        _create_roles(half, passwords)
        _write_private(half, half.passwords_file, json.dumps(asdict(passwords), indent=2))
        for folder in (half.data, half.home):
            _sync(folder)
        half.home.rename(cluster.home)
        _sync(cluster.home.parent)
    finally:
        shutil.rmtree(half.home, ignore_errors=True)


def _remove_unfinished(folder: Path) -> None:
    # A program of the killed start may still write there; what it leaves goes the next time.
    for leftover in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _beside(cluster: Cluster) -> Path:
    home = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.home.parent))
    cluster.account.own(home)
    return home


def _initdb(half: Cluster, passwords: Passwords, *, durable: bool) -> None:
    password_file = half.home / "superuser-password"
    _write_private(half, password_file, passwords.superuser)
    login = ["--username", SUPERUSER, f"--pwfile={password_file}", "--auth", "scram-sha-256"]
    text = ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    speed = [] if durable else ["--no-sync"]
    _run(half, "initdb", ["--pgdata", half.data, *login, *text, *speed])
    password_file.unlink()


def _create_roles(half: Cluster, passwords: Passwords) -> None:
    # The single-user mode needs no port and no login. With -j a statement ends at an empty line,
    # and without exit_on_error a failed one would be passed over in silence.
    settings = ["-c", "exit_on_error=on", "-c", "log_min_error_statement=panic"]
    statements = "".join(f"{statement};\n\n" for statement in _roles(passwords))
    _run(half, "postgres", ["--single", "-j", "-D", half.data, *settings, "template1"], statements)


def _roles(passwords: Passwords) -> list[str]:
    # The schema's grants are made in template1, so that every database made later has them too.
    return [
        f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords.owner}'",
        f"CREATE ROLE {APPLICATION} LOGIN PASSWORD '{passwords.application}'",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"REVOKE ALL ON DATABASE {DATABASE}, postgres, template1 FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}",
        f"GRANT CONNECT ON DATABASE postgres TO {OWNER}",
    ]


def _run(half: Cluster, program: str, arguments: Sequence[str | Path], text: str = "") -> None:
    ran = half.account.run([half.programs / program, *arguments], text)
    if ran.returncode != 0:
        said = " | ".join((ran.stderr or ran.stdout).strip().splitlines()[-5:])
        raise EmbeddedPostgresRefused(
            f"The database could not be made in {half.home.parent} ({program} said: {said}): set "
            "that right and start again, or set UPAY_DATABASE_URL to a PostgreSQL of your own."
        )


def _write_private(half: Cluster, path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    half.account.own(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
