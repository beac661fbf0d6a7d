"""The archive itself: a ZIP of JSON and CSV, written from its beginning to its end."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Final

from domain.exports.sections import Section
from domain.exports.subjects import Row, Subject

FORMAT: Final = "upay-export/1"
# What a spreadsheet would run as a formula when a cell begins with it.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


class Archive:
    """Every section once as JSON and once as CSV, and a README.json that says what they hold.

    What is written waits here until it is taken.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        self._files: list[dict[str, Any]] = []

    async def add(self, section: Section, subject: Subject) -> AsyncIterator[None]:
        """Writes a section; stops after every page, so that what there is can be taken."""
        for kind in (_Json, _Csv):
            name, count = f"{section.name}.{kind.suffix}", 0
            with self._opened(name) as raw:
                writer = kind(raw, section.columns)
                async for rows in section.pages(subject):
                    # Formatting and compressing a page takes longer than others should wait.
                    await asyncio.to_thread(writer.write, rows)
                    count += len(rows)
                    subject.rows_written += len(rows)
                    yield
                writer.close()
            self._files.append(
                {"name": name, "about": section.about, "rows": count, "columns": section.columns}
            )
            yield

    def close(self) -> None:
        """Writes what says what is in the archive, and its end."""
        readme = {"format": FORMAT, "asked_at": self._at.isoformat(), "files": self._files}
        with self._opened("README.json") as raw:
            raw.write(json.dumps(readme, ensure_ascii=False, indent=1).encode())
        self._zip.close()

    def take(self, size: int, *, is_last: bool = False) -> Iterator[bytes]:
        """What waits, in pieces of `size` bytes; a shorter one only when it is the last."""
        waiting = self._outlet.waiting
        while len(waiting) >= size or (is_last and waiting):
            yield bytes(waiting[:size])
            del waiting[:size]

    def _opened(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, date_time=self._at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        opened: IO[bytes] = self._zip.open(info, "w", force_zip64=True)
        return opened


class _Outlet:
    """Where the ZIP is written to: it cannot go back, and nothing is read from it."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""


class _Json:
    """Rows as one array of objects, each on a line of its own."""

    suffix = "json"

    def __init__(self, raw: IO[bytes], columns: Sequence[str]) -> None:
        self._raw = raw
        self._between = "[\n"

    def write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            line = self._between + json.dumps(_plain(row), ensure_ascii=False)
            self._raw.write(line.encode())
            self._between = ",\n"

    def close(self) -> None:
        self._raw.write(b"\n]\n" if self._between == ",\n" else b"[]\n")


class _Csv:
    """Rows as a spreadsheet opens them: UTF-8 with a mark, a heading, no cell that is a formula."""

    suffix = "csv"

    def __init__(self, raw: IO[bytes], columns: Sequence[str]) -> None:
        self._raw = raw
        self._columns = columns
        raw.write(b"\xef\xbb\xbf" + self._lines([list(columns)]))

    def write(self, rows: Sequence[Row]) -> None:
        self._raw.write(
            self._lines([[_cell(row[column]) for column in self._columns] for row in rows])
        )

    def close(self) -> None:
        """Nothing ends it."""

    def _lines(self, cells: Sequence[Sequence[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows(cells)
        return text.getvalue().encode()


def _plain(row: Row) -> Mapping[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> str:
    """A value as a cell; what would be a formula becomes text by an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(_value(value))
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(_FORMULAS) and not is_number else text
