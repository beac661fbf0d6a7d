"""A start out of the nursery is a start, and proves what a fresh one would."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.server import nursery
from tests.server.servers import BORN, FRESH, environment, processes_of, ran, started, until

pytestmark = pytest.mark.slow

PROBE = "tests.server.probe"


def test_who_is_born_finds_all_that_a_fresh_start_finds(tmp_path: Path) -> None:
    words = ("serve", "--workers", "2")

    fresh = ran(tmp_path, *words, program=PROBE, start=FRESH, UPAY_HOST="::1")
    born = ran(tmp_path, *words, program=PROBE, UPAY_HOST="::1")

    assert fresh.returncode == born.returncode == 7
    assert fresh.stderr == born.stderr == "this is the other stream\n"
    assert fresh.stdout == born.stdout


@pytest.mark.parametrize("start", [BORN, FRESH])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_who_is_born_ends_as_a_fresh_start_ends(
    tmp_path: Path, number: signal.Signals, start: str
) -> None:
    with started(tmp_path, "wait", program=PROBE, start=start) as server:
        server.wait_until(lambda: "the other stream" in server.output)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(0.01)
        before = server.process.poll()

        server.signal(number)
        code = server.wait()

    assert before is None
    assert code == server.process.poll() == server.process.wait() == -number


def test_whoever_started_it_may_end_before_it_does(tmp_path: Path) -> None:
    with (tmp_path / "said").open("w+b") as said, open(os.devnull, "rb") as nothing:
        short = nursery.Nursery(environment())
        streams = (nothing, said, said)
        born = short.born(PROBE, ["wait"], cwd=tmp_path, env=environment(), streams=streams)

        short.close()

        until(lambda: b"the other stream" in (tmp_path / "said").read_bytes())
        assert processes_of(tmp_path) == [born.pid]
        os.kill(born.pid, signal.SIGKILL)
        until(lambda: processes_of(tmp_path) == [])
