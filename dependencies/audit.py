"""`make audit`: asks whether anything is known against the packages in the locks.

Ends with 0 when nothing is known, 1 when something is, and 3 when that could not be asked: no
answer is not a good one.
"""

# ruff: noqa: T201, S603 - a command that runs two others, every word of which is ours

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dependencies import locks

NOTHING_KNOWN, SOMETHING_KNOWN, NOT_ASKED = 0, 1, 3
PATIENCE_SECONDS: Final = 15
WHOLE_SECONDS: Final = 600

_PIP_AUDIT: Final = (
    *(sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format=json"),
    *("--progress-spinner=off", f"--timeout={PATIENCE_SECONDS}"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known against one lock, a line for each; None when nobody could be asked."""

    lock: Path
    known: Sequence[str] | None
    why: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks about every lock and says what came of it."""
    parser = argparse.ArgumentParser(prog="python -m dependencies.audit", description=__doc__)
    parser.add_argument("--osv-url", help="ask this OSV service instead of the Python index")
    asked = parser.parse_args(arguments)
    answers = [_python(locks.SERVED, asked.osv_url), *map(_npm, locks.npm_locks())]
    for answer in answers:
        _tell(answer)
    if any(answer.known for answer in answers):
        return SOMETHING_KNOWN
    return NOT_ASKED if any(answer.known is None for answer in answers) else NOTHING_KNOWN


def _tell(answer: Answer) -> None:
    name = answer.lock.relative_to(locks.ROOT)
    if answer.known is None:
        print(f"NOT ASKED  {name}: the advisory service gave no answer ({answer.why})")
    elif not answer.known:
        print(f"ok         {name}: nothing is known against what it names")
    for line in answer.known or ():
        print(f"KNOWN      {name}: {line}")


def _python(lock: Path, osv_url: str | None) -> Answer:
    service = ["--vulnerability-service=osv", f"--osv-url={osv_url}"] if osv_url else []
    ran = _ran([*_PIP_AUDIT, *service, f"--requirement={lock}"], lock.parent)
    try:
        packages = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(lock, None, _last(ran.stderr))
    unasked = [each["name"] for each in packages if "skip_reason" in each]
    known = list(_python_lines(packages))
    if unasked and not known:
        return Answer(lock, None, f"it does not know {len(unasked)} of them, {unasked[0]} first")
    return Answer(lock, known)


def _python_lines(packages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for package in packages:
        for known in package.get("vulns", ()):
            better = ", ".join(known["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {known['id']}, mended in {better}"


def _npm(lock: Path) -> Answer:
    npm = shutil.which("npm", path=str(Path(sys.executable).parent)) or shutil.which("npm")
    if npm is None:
        return Answer(lock, None, "there is no npm here")
    ran = _ran([npm, "audit", "--json", "--package-lock-only"], lock.parent)
    try:
        said = json.loads(ran.stdout)
        if "message" in said:
            return Answer(lock, None, _last(said["message"]))
        found = said["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Answer(lock, None, _last(ran.stderr))
    return Answer(
        lock, [f"{name} {each['range']}: {each['severity']}" for name, each in found.items()]
    )


def _ran(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=WHOLE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, NOT_ASKED, "", "it took too long")


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
