"""Restoring a backup: all of it in one transaction, into a database with nothing in it."""

from __future__ import annotations

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import asyncpg

from server import databases
from server.backups import manifests, snapshots, tools
from server.backups.archives import CHUNK_BYTES, Archive
from server.backups.manifests import Manifest
from server.backups.tools import Program
from server.keys import SecretKey
from server.refusals import Refused

_MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
_RESTORE: Final = ("--file=-", "--schema=public", "--no-owner", "--no-privileges")
_PSQL: Final = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1")
# PostgreSQL before 17 refuses it; it stands among the first lines, and does nothing we need.
_TOO_NEW: Final = b"SET transaction_timeout = 0;\n"
_FIRST_LINES: Final = 40
# Whoever asked for the tables of a running uPay would find some of these.
_ANYTHING: Final = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY relname LIMIT 1"
)


def refuse(archive: Archive, *, keys: Sequence[SecretKey], mode: str) -> None:
    """Looks at everything that can be wrong with a backup before anything is made.

    Raises:
        Refused: it is damaged or altered, of another mode, of a newer uPay, or lacks a key.
    """
    manifest = archive.manifest
    archive.refuse_damaged()
    newer = sorted(set(manifest.migrations) - _known_migrations())
    if newer:
        raise Refused(
            f"The backup knows the migration {newer[-1]}, which this uPay does not: restore it "
            f"with uPay {manifest.upay} or newer."
        )
    if manifest.mode != mode:
        raise Refused(
            f"The backup is of a {manifest.mode} server and UPAY_MODE is {mode}: set it to "
            f"{manifest.mode}."
        )
    manifests.refuse_keys(manifest, keys)
    if not manifests.is_sealed(archive.text, archive.seal, keys):
        raise Refused(
            f"{archive.path} was altered since it was made: nobody who has not the keys could "
            "have sealed it so. Take another backup."
        )


async def refuse_filled(url: str) -> None:
    """Raises:
    Refused: there is something in the database already.
    """
    await databases.answering(url)
    await databases.refuse_powerless(url)
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetchval(_ANYTHING)
    finally:
        await connection.close()
    if found is not None:
        raise Refused(
            f"The database at {databases.place(url)} is not empty (it holds {found}), and a backup "
            "is restored beside nothing else: name an empty one."
        )


async def restore(archive: Archive, url: str) -> None:
    """Fills the empty database at `url` (the owner's); it is filled by everything, or by nothing.

    Raises:
        Refused: a tool failed, or what came out is not what went in; the database is still empty.
    """
    connection = await asyncpg.connect(url)
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    chosen = tools.for_major(max(major, archive.manifest.dumped_by))
    async with (
        chosen.run("pg_restore", *_RESTORE) as restoring,
        chosen.run("psql", *_PSQL, url=url) as filling,
    ):
        try:
            with archive.dump() as dump:
                await _pour(dump, restoring, filling, _ending(archive.manifest))
        except OSError as error:
            raise Refused(f"{archive.path} cannot be read ({error}): nothing was kept.") from error


async def _pour(dump: IO[bytes], restoring: Program, filling: Program, ending: bytes) -> None:
    """From the archive through pg_restore into psql, and a COMMIT only when all of it has passed.

    Should anything end before that, this process included, the transaction ends with nothing.
    """
    feeding = asyncio.create_task(_feed(dump, restoring.input))
    is_whole = False
    try:
        filling.input.write(b"BEGIN;\n")
        await _pass_on(restoring.output, filling.input)
        await feeding
        await restoring.refuse_failure()
        filling.input.write(ending)
        filling.input.close()
        is_whole = True
    except (BrokenPipeError, ConnectionResetError):
        pass  # psql has ended, and says why.
    finally:
        feeding.cancel()
    await filling.refuse_failure()
    if not is_whole:
        raise Refused("psql ended before everything was restored, and did not say why.")


async def _feed(dump: IO[bytes], into: StreamWriter) -> None:
    # Whoever ends before it has read everything says why itself.
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            while chunk := dump.read(CHUNK_BYTES):
                into.write(chunk)
                await into.drain()
    finally:
        into.close()


async def _pass_on(script: StreamReader, into: StreamWriter) -> None:
    for _ in range(_FIRST_LINES):
        line = await script.readline()
        if line != _TOO_NEW:
            into.write(line)
    while chunk := await script.read(CHUNK_BYTES):
        into.write(chunk)
        await into.drain()


def _ending(manifest: Manifest) -> bytes:
    expected = json.dumps(manifest.facts).replace("'", "''")
    return f"""
        DO $check$ BEGIN
            IF ({snapshots.facts(manifest.tables)}) IS DISTINCT FROM '{expected}'::jsonb THEN
                RAISE EXCEPTION 'what was restored is not what was kept';
            END IF;
        END $check$;
        COMMIT;
        ANALYZE;
    """.encode()


def _known_migrations() -> set[str]:
    return {path.stem for path in _MIGRATIONS.glob("[0-9]*.py")}
