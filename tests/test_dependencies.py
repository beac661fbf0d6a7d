"""What uPay stands on is listed, asked about, and a question nobody answers is no good news."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from dependencies import audit, bill, locks
from dependencies.audit import NOT_ASKED, NOTHING_KNOWN, SOMETHING_KNOWN

KNOWN = {
    "id": "UPAY-2026-1",
    "summary": "It burns.",
    "affected": [
        {
            "package": {"name": "starlette", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


@contextmanager
def advisories(known: dict[str, Any], status: int = 200) -> Iterator[str]:
    """A service that knows of these packages; yields its address."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found = known.get(asked["package"]["name"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": [found]} if found else {}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        finally:
            server.shutdown()


@pytest.fixture
def python_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """npm asks an address that cannot be another's; its locks are looked at by themselves."""
    monkeypatch.setattr(locks, "npm_locks", list)


@pytest.mark.slow
@pytest.mark.usefixtures("python_only")
def test_what_is_known_is_told_and_is_a_code_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with advisories({"starlette": KNOWN}) as address:
        bad = audit.main(["--osv-url", address])
    with advisories({}) as address:
        good = audit.main(["--osv-url", address])

    told = capsys.readouterr().out.splitlines()
    version = next(each.version for each in locks.python_packages() if each.name == "starlette")
    assert (bad, good) == (SOMETHING_KNOWN, NOTHING_KNOWN)
    assert told == [
        f"KNOWN      requirements.lock: starlette {version}: UPAY-2026-1, mended in 99.1",
        "ok         requirements.lock: nothing is known against what it names",
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("python_only")
def test_a_service_that_gives_no_answer_is_neither_good_nor_bad_news(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with advisories({}) as closed:
        pass
    with advisories({}, status=503) as broken:
        codes = [audit.main(["--osv-url", address]) for address in (closed, broken)]

    assert codes == [NOT_ASKED, NOT_ASKED]
    assert all(line.startswith("NOT ASKED") for line in capsys.readouterr().out.splitlines())


def test_the_bill_names_every_package_of_the_lock_with_its_hashes(tmp_path: Path) -> None:
    file = bill.write(tmp_path)

    written = json.loads(file.read_text())
    named = {(each["name"], each["version"]) for each in written["components"]}
    assert written["bomFormat"] == "CycloneDX"
    assert named >= {(each.name, each.version) for each in locks.python_packages()}
    assert len(list(locks.python_packages())) == len(
        re.findall(r"^\S+==", locks.SERVED.read_text(), re.MULTILINE)
    )
    assert all(each["hashes"] for each in written["components"])
    assert written["metadata"]["component"]["name"] == "upay"


def test_an_npm_lock_is_read_as_far_as_it_is_served(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    packages = {
        "": {"name": "dashboard"},
        "node_modules/svelte": {"version": "5.1.0", "integrity": "sha512-AAEC"},
        "node_modules/vite": {"version": "7.0.0", "dev": True},
        "node_modules/@a/b/node_modules/@c/d": {"version": "1.0.0", "integrity": "sha512-AAEC"},
    }
    lock.write_text(json.dumps({"packages": packages}))

    read = list(locks.npm_packages(lock))

    assert [(each.name, each.version) for each in read] == [("svelte", "5.1.0"), ("@c/d", "1.0.0")]
    assert read[0].hashes == [("SHA-512", "000102")]


def test_the_command_says_how_it_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "dependencies.audit", "--help"],
        cwd=locks.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--osv-url" in told.stdout
