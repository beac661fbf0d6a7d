"""The benchmarks measure what they say, or nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks import asking, load
from benchmarks.load import Load, WrongAnswer

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_benchmark_runs_and_its_books_balance() -> None:
    short = "--no-peers --seconds 0.2 --rounds 1 --connections 2 --residents 20 --callers 2"
    small = "--entries 100 --many 3 --most 8 --payments 1 --sign-ins 1"

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *short.split(), *small.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("## ")] == [
        "## Confirmed transfers",
        "## To one merchant",
        "## The wallet's screen",
        "## History",
        "## Subscriptions",
        "## Failed sign-ins",
        "## Postings",
        "## Targets",
    ]


def test_an_answer_that_does_not_say_what_it_should_ends_the_measuring(port: int) -> None:
    wrong = _load(port, sign=b'"outcome":"refused"')

    with pytest.raises(WrongAnswer, match="done"):
        load.run(wrong)


def test_every_answer_is_counted_once(port: int) -> None:
    right = _load(port, sign=b'"outcome":"done"')

    answers = load.run(right)

    assert len(answers.latencies_ms) == len(right.requests)


def _load(port: int, *, sign: bytes) -> Load:
    requests = [asking.request("{ outcome }", {})] * 10
    return Load(port=port, requests=requests, connections=2, seconds=30, sign=sign)


@pytest.fixture
def port() -> Iterator[int]:
    """Where somebody answers everything with the same words."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Same) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        yield server.server_port
        server.shutdown()
        answering.join()


class _Same(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        words = b'{"outcome": "done"}'
        self.send_response(200)
        self.send_header("content-length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, format: str, *args: object) -> None:
        pass
