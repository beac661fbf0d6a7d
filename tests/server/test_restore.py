"""What is restored is whole and is what was kept, or nothing is restored."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

import asyncpg
import pytest

from models.wallets import Account
from server.backups import archives, restoring
from server.backups.archives import Archive
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from server.refusals import Refused
from tests.server import backups


class _Torn(io.RawIOBase):
    """A dump that ends in the middle, as one does whose disk goes away."""

    def __init__(self, dump: IO[bytes], *, ends: bool) -> None:
        self._dump = dump
        self._left = 30_000
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and not self._ends:
            raise OSError("the disk is gone")
        words = self._dump.read(min(self._left, len(buffer)))
        self._left -= len(words)
        buffer[: len(words)] = words
        return len(words)


async def test_without_its_keys_nothing_is_restored(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    impostor = SecretKey("b", bytes(range(2, 34)))

    with pytest.raises(Refused, match="needs the key b, which is not among the secret keys"):
        await backups.restore(path, empty, with_keys=backups.KEYS[1:])
    with pytest.raises(Refused, match="The key b is another one than that of the backup"):
        await backups.restore(path, empty, with_keys=(impostor, *backups.KEYS[1:]))

    assert await backups.tables(empty) == []


@pytest.mark.parametrize("at", [0.01, 0.3, 0.6, 0.9])
async def test_a_file_with_one_byte_changed_is_refused(
    couple: tuple[Account, Account],
    database: DatabaseUrls,
    empty: DatabaseUrls,
    tmp_path: Path,
    at: float,
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    words = bytearray(path.read_bytes())
    words[int(len(words) * at)] ^= 1
    path.write_bytes(words)

    with pytest.raises(Refused, match=f"{path} (cannot be restored|was altered)"):
        await backups.restore(path, empty)

    assert await backups.tables(empty) == []


@pytest.mark.parametrize("length", [0, 100, 5_000, 60_000])
async def test_half_a_file_is_refused(
    couple: tuple[Account, Account],
    database: DatabaseUrls,
    empty: DatabaseUrls,
    tmp_path: Path,
    length: int,
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Refused, match=f"{path} cannot be restored"):
        await backups.restore(path, empty)

    assert await backups.tables(empty) == []


async def test_who_has_no_key_can_put_no_other_dump_into_a_backup(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path, forged = tmp_path / "upay.backup", tmp_path / "forged.backup"
    await backups.made(path, database)
    with archives.opened(path) as archive, archive.dump() as kept:
        dump, manifest, sealed = kept.read() + b"!", archive.manifest, archive.seal
    with archives.written(forged) as writing:
        backups.write(writing, dump, manifest, sealed)

    with pytest.raises(Refused, match="was altered since it was made"):
        await backups.restore(forged, empty)

    assert await backups.tables(empty) == []


async def test_a_backup_of_a_newer_upay_or_of_another_mode_is_refused(
    couple: tuple[Account, Account], database: DatabaseUrls, tmp_path: Path
) -> None:
    path, newer = tmp_path / "upay.backup", tmp_path / "newer.backup"
    manifest = await backups.made(path, database)
    later = replace(manifest, migrations=[*manifest.migrations, "9999_later"], upay="9.9")
    with archives.opened(path) as archive, archive.dump() as kept, archives.written(newer) as file:
        backups.write(file, kept.read(), later)

    with archives.opened(path) as archive, pytest.raises(Refused, match="a test server and UPAY"):
        restoring.refuse(archive, keys=backups.KEYS, mode="live")
    with (
        archives.opened(newer) as archive,
        pytest.raises(Refused, match=r"with uPay 9\.9 or"),
    ):
        restoring.refuse(archive, keys=backups.KEYS, mode="test")


async def test_a_database_with_anything_in_it_stays_as_it_is(
    couple: tuple[Account, Account], database: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    before = await backups.facts(database)

    with pytest.raises(Refused, match="is not empty"):
        await backups.restore(path, database)

    assert await backups.facts(database) == before


@pytest.mark.parametrize("ends", [True, False])
async def test_what_ends_in_the_middle_leaves_an_empty_database(
    couple: tuple[Account, Account],
    database: DatabaseUrls,
    empty: DatabaseUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends: bool,
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    whole = Archive.dump
    monkeypatch.setattr(
        Archive, "dump", lambda self: io.BufferedReader(_Torn(whole(self), ends=ends))
    )

    with (
        archives.opened(path) as archive,
        pytest.raises(Refused, match=r"pg_restore failed|the disk is gone"),
    ):
        await restoring.restore(archive, empty.owner)

    assert await backups.tables(empty) == []


async def test_what_comes_out_otherwise_than_it_went_in_is_not_kept(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path, other = tmp_path / "upay.backup", tmp_path / "other.backup"
    manifest = await backups.made(path, database)
    facts = {**manifest.facts, "rows": {**manifest.facts["rows"], "people": 3}}
    with archives.opened(path) as archive, archive.dump() as kept, archives.written(other) as file:
        backups.write(file, kept.read(), replace(manifest, facts=facts))

    with pytest.raises(Refused, match="what was restored is not what was kept"):
        await backups.restore(other, empty)

    assert await backups.tables(empty) == []


async def test_a_restore_that_is_stopped_leaves_an_empty_database(
    couple: tuple[Account, Account], database: DatabaseUrls, empty: DatabaseUrls, tmp_path: Path
) -> None:
    path = tmp_path / "upay.backup"
    await backups.made(path, database)
    watching = await asyncpg.connect(empty.owner)

    with archives.opened(path) as archive:
        restoring_it = asyncio.create_task(restoring.restore(archive, empty.owner))
        while not await watching.fetchval(_IS_RESTORING):
            pass
        restoring_it.cancel()
        await asyncio.wait([restoring_it])
    await watching.close()

    assert restoring_it.cancelled()
    assert await backups.tables(empty) == []


_IS_RESTORING: Final = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'psql')"
)
