"""The explorer's parts that need no browser, run by node against the schema as it is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import build_schema, introspection_from_schema, parse, validate

ROOT: Final = Path(__file__).parents[2]
MODULES: Final = Path(__file__).parent / "modules"
NODE: Final = Path(sys.executable).with_name("node")
SDL: Final = (ROOT / "schema/upay.graphql").read_text("utf-8")

pytestmark = pytest.mark.slow


def test_the_modules_keep_what_their_own_tests_say(tmp_path: Path) -> None:
    printed = tmp_path / "schema.json"
    printed.write_text(json.dumps(introspection_from_schema(build_schema(SDL))), "utf-8")

    told = _node("--test", *map(str, sorted(MODULES.glob("*.test.mjs"))), UPAY_SCHEMA=str(printed))

    assert told.returncode == 0, told.stdout


def test_the_explorers_own_documents_fit_the_schema() -> None:
    told = _node(str(MODULES / "documents.mjs"))
    documents: list[str] = json.loads(told.stdout)
    schema: Any = build_schema(SDL)

    wrong = {text: validate(schema, parse(text)) for text in documents if text}

    assert len(documents) > 8
    assert [(text, errors) for text, errors in wrong.items() if errors] == []


def _node(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(NODE), *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
