"""The README's blocks, run as they stand, the way a newcomer would."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.slow
def test_a_newcomer_starts_upay_pays_bob_and_watches_it_live() -> None:
    start, pay, watch, test = BLOCKS

    with _clone() as clone, _running(clone, start) as said:
        greeting = said.read_text("utf-8")
        first = _told(clone, pay)
        second = _told(clone, pay)
        seen = _told(clone, pay + watch, seconds=8)

    assert "small-town-2026" in greeting
    assert '"status":"COMPLETED"' in first
    assert "CN¥9,987.50" in first
    assert "CN¥9,975.00" in second
    assert seen.count('"walletEvents":{"seq":') == 4
    assert test.strip() == "make test"


def test_ci_calls_the_readmes_test_command() -> None:
    assert BLOCKS[-1].strip() in (ROOT / ".ci/run").read_text("utf-8")


@contextmanager
def _clone() -> Iterator[Path]:
    """What a clone of the repository would hold, with the packages that are here already."""
    folder = Path(tempfile.mkdtemp(prefix="upay-readme-", dir="/tmp"))
    folder.chmod(0o755)
    clone = folder / "upay"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    (clone / ".venv").symlink_to(ROOT / ".venv")
    try:
        yield clone
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(clone: Path, start: str) -> Iterator[Path]:
    """uPay runs in the clone during the block, and is stopped as Ctrl-C would; yields its words."""
    said = clone / "said.txt"
    with said.open("w") as out:
        running = subprocess.Popen(
            ["sh", "-c", start], cwd=clone, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait_until_alive(running, said)
        yield said
    finally:
        os.killpg(running.pid, signal.SIGINT)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise


def _wait_until_alive(running: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert running.poll() is None, said.read_text()
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen("http://localhost:8000/livez", timeout=1).close()
            return
        time.sleep(0.1)
    pytest.fail(said.read_text())


def _told(clone: Path, block: str, *, seconds: float | None = None) -> str:
    """What a block prints; with `seconds`, one that never ends by itself is ended then."""
    running = subprocess.Popen(
        ["sh", "-c", block],
        cwd=clone,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = running.communicate(timeout=seconds or 30)
    except subprocess.TimeoutExpired:
        assert seconds is not None
        os.killpg(running.pid, signal.SIGTERM)
        out, err = running.communicate(timeout=10)
    assert not err, err
    return out.decode()
