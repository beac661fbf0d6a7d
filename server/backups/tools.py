"""PostgreSQL's programs that write and read dumps, from the wheel or from this machine."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from server.embedded import binaries
from server.refusals import Refused

PROGRAMS: Final = ("pg_dump", "pg_restore", "psql")
VERSION_SECONDS: Final = 10
SAID_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Program:
    """One run of a program: its process, and where it says what is wrong."""

    name: str
    process: Process
    said: IO[bytes]

    @property
    def input(self) -> StreamWriter:
        assert self.process.stdin is not None, "every run has a pipe"
        return self.process.stdin

    @property
    def output(self) -> StreamReader:
        assert self.process.stdout is not None, "every run has a pipe"
        return self.process.stdout

    async def refuse_failure(self) -> None:
        """Waits for its end.

        Raises:
            Refused: it failed; the sentence has its last words.
        """
        if await self.process.wait() != 0:
            self.said.seek(max(self.said.seek(0, os.SEEK_END) - SAID_BYTES, 0))
            words = self.said.read().decode(errors="replace").split("\n")
            raise Refused(f"{self.name} failed: {' | '.join(filter(None, words[-4:]))}")


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs of one folder, which belong together and are of one major version."""

    folder: Path
    major: int

    @asynccontextmanager
    async def run(
        self, name: str, *arguments: str, url: str | None = None
    ) -> AsyncIterator[Program]:
        """A program during the block, on the database at `url`; killed if the block fails."""
        place, password = _place(url) if url else ([], "")
        with tempfile.TemporaryFile() as said:
            process = await asyncio.create_subprocess_exec(
                str(self.folder / name),
                *place,
                *arguments,
                stdin=PIPE,
                stdout=PIPE,
                stderr=said,
                env=_environment(password),
                # Ctrl-C in a terminal is for us to hear first.
                start_new_session=True,
            )
            try:
                yield Program(name, process, said)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


def for_major(major: int) -> Tools:
    """Tools that understand a PostgreSQL of this major version, and older ones.

    Raises:
        Refused: there are none.
    """
    if major <= int(binaries.MAJOR_VERSION):
        return Tools(binaries.installed(), int(binaries.MAJOR_VERSION))
    found = shutil.which("pg_dump")
    folder = Path(found).resolve().parent if found else None
    least = min(_major(folder / name) for name in PROGRAMS) if folder else 0
    if folder is None or least < major:
        raise Refused(
            f"This needs pg_dump, pg_restore and psql of PostgreSQL {major} or newer, and uPay "
            f"brings {binaries.MAJOR_VERSION}: install that version's client programs so that "
            "they come first in PATH."
        )
    return Tools(folder, least)


def _major(program: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - found in PATH, or beside what was
            [program, "--version"], capture_output=True, text=True, timeout=VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\) (\d+)", said.stdout)
    return int(version[1]) if version else 0


def _place(url: str) -> tuple[Sequence[str], str]:
    parts = urlsplit(url)
    options = {
        "--host": parts.hostname or "localhost",
        "--port": str(parts.port or 5432),
        "--username": unquote(parts.username or ""),
        "--dbname": unquote(parts.path.strip("/")),
    }
    words = [f"{option}={value}" for option, value in options.items()]
    return [*words, "--no-password"], unquote(parts.password or "")


def _environment(password: str) -> dict[str, str]:
    # A password in the arguments could be read by everybody on this machine.
    kept = ("HOME", "PATH", "PGSSLMODE", "PGSSLROOTCERT", "TMPDIR")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    return {**known, "LC_ALL": "C", "PGPASSWORD": password}
