"""Prints both GraphQL schemas into the repository, or says where they differ from it."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from server.refusals import Refused

PLACES: Final = {
    "public_schema": Path("schema/upay.graphql"),
    "desk_schema": Path("schema/desk.graphql"),
}


def run(asked: Namespace, _: Mapping[str, str]) -> int:
    from server import api

    printed = {file: f"{getattr(api, name).as_str()}\n" for name, file in PLACES.items()}
    for file, text in printed.items():
        if asked.check:
            _refuse_difference(file, text)
        else:
            file.write_text(text)
            print(f"wrote {file}")
    return 0


def _refuse_difference(file: Path, text: str) -> None:
    kept = file.read_text() if file.exists() else ""
    if kept == text:
        return
    lines = difflib.unified_diff(
        kept.splitlines(), text.splitlines(), str(file), "the schema in the code", lineterm=""
    )
    print("\n".join(lines))
    raise Refused(f"{file} is not the schema in the code: print it with `python -m server schema`.")
