"""The file of a backup, there whole or not at all: a tar of the dump, the manifest, its seal."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from server.backups.manifests import Manifest, Part
from server.refusals import Refused

DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
SEAL: Final = "seal"
CHUNK_BYTES: Final = 1 << 20

_MODE: Final = 0o600


class Writing:
    """A tar that is being written, also parts whose length is known only at their end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @contextmanager
    def part(self, name: str) -> Iterator[Growing]:
        """A part that grows during the block."""
        header_at = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE))
        growing = Growing(self._file)
        yield growing
        self._file.write(bytes(-growing.length % tarfile.BLOCKSIZE))
        header = tarfile.TarInfo(name)
        header.size, header.mode = growing.length, _MODE
        self._file.seek(header_at)
        self._file.write(header.tobuf(tarfile.GNU_FORMAT))
        self._file.seek(0, os.SEEK_END)

    def add(self, name: str, words: bytes) -> None:
        with self.part(name) as growing:
            growing.write(words)

    def end(self) -> None:
        """Writes what a tar ends with, and waits until everything is on the disk."""
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))
        self._file.flush()
        os.fsync(self._file.fileno())


class Growing:
    """A part under way, counted and hashed as it passes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.length = 0

    def write(self, words: bytes) -> None:
        self._file.write(words)
        self._hash.update(words)
        self.length += len(words)

    @property
    def so_far(self) -> Part:
        return Part(length=self.length, sha256=self._hash.hexdigest())


@contextmanager
def written(path: Path) -> Iterator[Writing]:
    """A new file for its owner's eyes; it has its name only when the block has ended well.

    Raises:
        Refused: there is a file of that name, or it cannot be written.
    """
    if path.exists():
        raise Refused(f"{path} is there already, and a backup replaces nothing: choose a new name.")
    half = None
    try:
        descriptor, half = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with open(descriptor, "w+b") as file:
            writing = Writing(file)
            yield writing
            writing.end()
        os.rename(half, path)
        half = None
        _sync(path.parent)
    except OSError as error:
        raise Refused(f"{path} cannot be written ({error.strerror}): nothing was kept.") from error
    finally:
        if half is not None:
            with suppress(FileNotFoundError):
                os.unlink(half)


class Archive:
    """A backup that is being read."""

    def __init__(self, tar: tarfile.TarFile, path: Path) -> None:
        self._tar = tar
        self.path = path
        self.text, self.seal = self._words(MANIFEST), self._words(SEAL)
        self.manifest = Manifest.read(self.text)

    def dump(self) -> IO[bytes]:
        """The dump, from its beginning."""
        return self._part(DUMP)

    def refuse_damaged(self) -> None:
        """Raises:
        Refused: the dump is not the one that the manifest names.
        """
        hashed, length = hashlib.sha256(), 0
        with self.dump() as dump:
            while chunk := dump.read(CHUNK_BYTES):
                hashed.update(chunk)
                length += len(chunk)
        if Part(length=length, sha256=hashed.hexdigest()) != self.manifest.dump:
            raise _damaged(self.path, "its parts are not as they were written")

    def _words(self, name: str) -> bytes:
        with self._part(name) as part:
            return part.read(CHUNK_BYTES)

    def _part(self, name: str) -> IO[bytes]:
        part = self._tar.extractfile(name)
        if part is None:
            raise KeyError(name)
        return part


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup, read as far as its manifest.

    Raises:
        Refused: it is not there, no backup, or damaged.
    """
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 - closed below, also when it cannot be read.
    except tarfile.TarError as error:
        raise _damaged(path, "it is no backup of uPay") from error
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}).") from error
    with tar:
        yield _read(tar, path)


def _read(tar: tarfile.TarFile, path: Path) -> Archive:
    try:
        return Archive(tar, path)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise _damaged(path, "it is no backup of uPay, or only a part of one") from error


def _damaged(path: Path, why: str) -> Refused:
    return Refused(f"{path} cannot be restored ({why}): take another backup.")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
