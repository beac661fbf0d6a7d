"""The tray: letters of demo and test stay in a folder."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from channels.couriers.letters import Letter


class Tray:
    """Keeps every letter in a folder instead of sending it, for the eyes of the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter) -> None:
        await asyncio.to_thread(self._keep, letter)

    def _keep(self, letter: Letter) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{letter.id}.json"
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        unfinished.unlink(missing_ok=True)
        words = json.dumps({**asdict(letter), "id": str(letter.id)}, ensure_ascii=False)
        with open(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as target:
            target.write(words)
        unfinished.replace(file)


def letters(folder: Path, most: int | None = None) -> list[Letter]:
    """The letters in the tray at `folder`, newest first; none where there is no tray."""
    files = sorted(folder.glob("*.json"), reverse=True)[:most]
    return [_letter(json.loads(file.read_text("utf-8"))) for file in files]


def _letter(words: dict[str, str]) -> Letter:
    return Letter(
        id=UUID(words["id"]),
        to=words["to"],
        kind=words["kind"],
        subject=words["subject"],
        text=words["text"],
    )
