"""The locks: every package that uPay is run or tested with, by name and version."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SERVED: Final = ROOT / "requirements.lock"
NPM_LOCK: Final = "package-lock.json"

_ELSEWHERE: Final = frozenset({"node_modules", ".venv"})
_PIN: Final = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^\s;\\]+)(?: ; ([^\\]+?))? \\$")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of one lock; `hashes` are hex by algorithm, `marker` is where it is installed."""

    ecosystem: str
    name: str
    version: str
    hashes: Sequence[tuple[str, str]]
    marker: str = ""


def python_packages(lock: Path = SERVED) -> Iterator[Package]:
    """The packages of a pip lock, in its order."""
    for block in re.split(r"\n(?=\S)", lock.read_text()):
        pin = _PIN.match(block.split("\n", 1)[0])
        if pin:
            yield Package(
                ecosystem="pypi",
                name=pin[1],
                version=pin[2],
                hashes=[("SHA-256", found) for found in _HASH.findall(block)],
                marker=pin[3] or "",
            )


def npm_packages(lock: Path) -> Iterator[Package]:
    """The packages of an npm lock that are not only for development, in its order."""
    for place, facts in json.loads(lock.read_text())["packages"].items():
        if place and not facts.get("dev") and not facts.get("link"):
            yield Package(
                ecosystem="npm",
                name=place.rpartition("node_modules/")[2],
                version=facts["version"],
                hashes=list(_integrity(facts)),
            )


def npm_locks(root: Path = ROOT) -> list[Path]:
    """Every npm lock of the repository."""
    found = (path for path in root.rglob(NPM_LOCK) if not _ELSEWHERE & set(path.parts))
    return sorted(found)


def _integrity(facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for word in facts.get("integrity", "").split():
        algorithm, _, encoded = word.partition("-")
        yield algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(encoded).hex()
