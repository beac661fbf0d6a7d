"""The tray keeps letters, whole and for the owner's eyes only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from channels.couriers import Letter, Tray, letters
from models.ids import new_id

LETTER = Letter(new_id(), "ada@example.com", "email", "验证码", "Your code is 123456.\n谢谢！")


async def test_letters_are_read_again_as_they_were_sent_newest_first(tmp_path: Path) -> None:
    later = replace(LETTER, id=new_id(), to="+8613800138000", kind="phone")
    tray = Tray(tmp_path / "letters")

    await tray.send(LETTER)
    await tray.send(later)

    assert letters(tmp_path / "letters") == [later, LETTER]


async def test_a_letter_sent_again_is_one_letter(tmp_path: Path) -> None:
    tray = Tray(tmp_path)

    await tray.send(LETTER)
    await tray.send(LETTER)

    assert letters(tmp_path) == [LETTER]


async def test_nobody_else_may_read_the_tray(tmp_path: Path) -> None:
    folder = tmp_path / "letters"

    await Tray(folder).send(LETTER)

    [file] = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_where_there_is_no_tray_there_are_no_letters(tmp_path: Path) -> None:
    assert letters(tmp_path / "letters") == []
