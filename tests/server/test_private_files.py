"""Small files for the owner's eyes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server import private_files


def test_what_was_made_once_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    first = private_files.kept(file, lambda: "one")
    second = private_files.kept(file, lambda: "two")

    assert (first, second) == ("one", "one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_written_replaces_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text("old, and for everybody")

    private_files.write(file, "new")

    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_that_lies_there_is_not_followed(tmp_path: Path) -> None:
    elsewhere, file = tmp_path / "elsewhere", tmp_path / "secret"
    file.symlink_to(elsewhere)

    with pytest.raises(OSError, match="symbolic links"):
        private_files.kept(file, lambda: "one")
    private_files.write(file, "two")

    assert not elsewhere.exists()
    assert not file.is_symlink()
