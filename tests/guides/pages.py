"""The pages of docs/, and the blocks in them that run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[2] / "docs"
PROGRAMS: Final = Path(sys.executable).parent
PATIENCE_SECONDS: Final = 60.0


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a page in one language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@dataclass(frozen=True)
class Reader:
    """Somebody with a copy of the documentation, whose demo is at another port than the pages'."""

    docs: Path
    ports: Mapping[str, int]

    @classmethod
    def at(cls, folder: Path, **ports: int) -> Reader:
        """`ports` are those to use here, by what the pages call them: `p8000=…`."""
        docs = folder / "docs"
        shutil.copytree(DOCS, docs)
        return cls(docs, {name.removeprefix("p"): port for name, port in ports.items()})

    def saves(self, page: str, name: str) -> None:
        """Writes the TypeScript of a page beside it, as one file."""
        text = self._here("\n".join(blocks(DOCS / page, "ts")))
        (self.docs / page).with_name(name).write_text(text, "utf-8")

    def runs_shell(self, page: str) -> str:
        """What the blocks of a page print, run in one shell."""
        text = self._here("\n".join(blocks(DOCS / page, "sh")))
        return _said("sh", "-c", text, folder=(self.docs / page).parent)

    def runs_typescript(self, page: str) -> str:
        """What the blocks of a page print, run as one file."""
        self.saves(page, "page.ts")
        return _said("node", "page.ts", folder=(self.docs / page).parent)

    def _here(self, text: str) -> str:
        for written, port in self.ports.items():
            text = re.sub(rf"(localhost:|listen\(){written}\b", rf"\g<1>{port}", text)
        return text


def _said(*words: str, folder: Path) -> str:
    """What a program printed that complained of nothing; ended with all it started."""
    running = subprocess.Popen(
        words,
        cwd=folder,
        env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, complaints = running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    assert not complaints, f"{complaints}\n{out}"
    return out
