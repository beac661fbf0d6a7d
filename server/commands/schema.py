"""Prints what is made from the code into the repository, or says where it differs from it."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from server.refusals import Refused


def run(asked: Namespace, _: Mapping[str, str]) -> int:
    for file, text in _printed().items():
        if asked.check:
            _refuse_difference(file, text)
        else:
            file.write_text(text)
            print(f"wrote {file}")
    return 0


def _printed() -> dict[Path, str]:
    """Both GraphQL schemas, and the page of every code that they can answer with."""
    from schema.catalogue.page import page
    from server.api import desk_schema, public_schema

    return {
        Path("schema/upay.graphql"): f"{public_schema.as_str()}\n",
        Path("schema/desk.graphql"): f"{desk_schema.as_str()}\n",
        Path("docs/reference/errors.md"): page(),
    }


def _refuse_difference(file: Path, text: str) -> None:
    kept = file.read_text() if file.exists() else ""
    if kept == text:
        return
    lines = difflib.unified_diff(
        kept.splitlines(), text.splitlines(), str(file), "what the code prints", lineterm=""
    )
    print("\n".join(lines))
    raise Refused(f"{file} is not what the code says: print it with `python -m server schema`.")
