"""The rules of the house that no other tool watches over."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
FLOORS: Final = (
    "channels",
    "domain",
    "jobs",
    "models",
    "realtime",
    "resolvers",
    "schema",
    "server",
)
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")

# Put together here, so that this file does not break its own rules.
MACHINE: Final = re.compile(r"(?<![\w.])/(?:work|root|home|Users)" + r"/\w")
NEIGHBOUR: Final = ".." + "/shared"
INDEX: Final = re.compile(
    "|".join(("/sim" + "ple/", "--(?:extra-)?index" + "-url", "--find" + "-links"))
)
ADDRESS: Final = re.compile(r"https?:" + "//")

_PIN: Final = re.compile(
    r"^(?P<name>[a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==(?P<version>[^\s;\\]+)(?: ; [^\\]+)? \\$"
)
_HASH: Final = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_says_which_question_it_answers(floor: str) -> None:
    words = ast.get_docstring(ast.parse((ROOT / floor / "__init__.py").read_text()))

    assert words is not None
    assert words.endswith("?")


def test_every_module_opens_with_what_it_is_for() -> None:
    modules = [path for path in _files() if path.suffix == ".py" and not _is_generated(path)]

    silent = [str(path) for path in modules if not ast.get_docstring(_parsed(path))]

    assert silent == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    texts = {path: _text(path) for path in _files() if path not in map(Path, LOCKS)}

    assert [str(path) for path, text in texts.items() if MACHINE.search(text)] == []
    assert [str(path) for path, text in texts.items() if NEIGHBOUR in text] == []


def test_no_file_names_an_index_of_packages() -> None:
    kept = [path for path in _files() if path.suffix != ".md"]

    assert [str(path) for path in kept if INDEX.search(_text(path))] == []
    assert [lock for lock in LOCKS if ADDRESS.search((ROOT / lock).read_text())] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_and_every_file_of_it(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()

    strange = [line for line in lines if not _PIN.match(line) and not _HASH.match(line)]
    unhashed = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if _PIN.match(line) and not _HASH.match(following)
    ]

    assert (strange, unhashed) == ([], [])


def test_what_is_tested_is_what_is_served() -> None:
    served, tested = (_versions(lock) for lock in LOCKS)

    assert served.items() <= tested.items()


def test_make_lists_what_it_can_do() -> None:
    words = (ROOT / "Makefile").read_text()
    # Not as a part of the `make test` that may be running this.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    told = subprocess.run(
        ["make", "help"], cwd=ROOT, env=outside, capture_output=True, text=True, check=True
    )
    listed = {line.split()[0] for line in told.stdout.splitlines()}

    assert {"run", "test", "check"} <= listed
    assert listed == set(re.findall(r"^([a-z]+):.*##", words, re.MULTILINE))
    assert listed <= set(re.findall(r"^\.PHONY: (.*)$", words, re.MULTILINE)[0].split())


def test_continuous_integration_runs_the_same_command_as_a_person() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text()


def _files() -> Iterator[Path]:
    """Every file that belongs to the repository, from its root, whether git knows it yet or not."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name != ".git" and not _is_in(ignored, name)]
        for name in files:
            if not _is_in(ignored, name):
                yield (Path(folder) / name).relative_to(ROOT)


def _is_in(patterns: list[str], name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _is_generated(path: Path) -> bool:
    return path.parts[0] == "migrations"


def _parsed(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def _text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="ignore")


def _versions(lock: str) -> dict[str, str]:
    pins = map(_PIN.match, (ROOT / lock).read_text().splitlines())
    return {pin["name"]: pin["version"] for pin in pins if pin}
