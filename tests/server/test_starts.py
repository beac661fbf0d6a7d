"""What a start loads: only what every server needs before it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from server import later

ROOT: Final = Path(__file__).parents[2]
OF_SOME: Final = {
    "limits": "several processes",
    "opentelemetry": "whoever collects traces",
    "redis": "several processes",
    "webauthn": "people with passkeys, once uPay answers",
    "zxcvbn": "nobody: only its list of passwords is read, by itself",
}
"""Libraries that only some need, and who."""

CODE: Final = """
import asyncio, json, sys
import server.commands.serve
from server import later

async def answered():
    answering = asyncio.Event()
    answering.set()
    await later.load(answering)

print(json.dumps(list(sys.modules)))
asyncio.run(answered())
print(json.dumps(list(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[set[str], set[str]]:
    """The modules of a fresh process: when it could answer, and a moment later."""
    said = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    at_first, then = map(json.loads, said.splitlines())
    return set(at_first), set(then)


def test_a_start_loads_no_library_that_only_some_need(loaded: tuple[set[str], set[str]]) -> None:
    at_first, _ = loaded

    assert at_first & OF_SOME.keys() == set()


def test_what_a_start_leaves_out_is_loaded_once_it_answers(
    loaded: tuple[set[str], set[str]],
) -> None:
    at_first, then = loaded

    assert at_first.isdisjoint(later.MODULES)
    assert then.issuperset(later.MODULES)
