"""The payment provider's simulator, which demo and test servers run beside them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2

from channels.providers import is_simulator
from server import private_files
from server.refusals import Refused

NAME: Final = "simulator"
MODULE: Final = "channels.twins.provider"
READY_SECONDS: Final = 15
STOP_SECONDS: Final = 3
ANSWER_SECONDS: Final = 3
POLL_SECONDS: Final = 0.02


@dataclass(frozen=True)
class ProviderAddress:
    """Where the payment provider of this name is, and the secret shared with it."""

    name: str
    url: str
    secret: str = field(repr=False)


@contextmanager
def running(folder: Path, *, callback: str) -> Iterator[Callable[[], ProviderAddress]]:
    """A simulator runs during the block; it answers to `callback` and remembers in `folder`.

    What is given tells where it is, and waits until it is there: others get ready meanwhile. It
    raises `Refused` when the simulator does not start.
    """
    port_file, secret_file = folder / "simulator-port", folder / "simulator-secret"
    port_file.unlink(missing_ok=True)
    secret = private_files.kept(secret_file, lambda: secrets.token_urlsafe(32)).strip()
    process = subprocess.Popen(  # noqa: S603 - every word is ours.
        [
            *(sys.executable, "-m", MODULE, "--port", "0", "--port-file", port_file),
            *("--journal", folder / "simulator-journal", "--callback", callback),
            *("--secret-file", secret_file),
        ],
        # It lives as long as this pipe is open: killing us ends it too.
        stdin=subprocess.PIPE,
        # What is secret about this server is none of its business.
        env={name: value for name, value in os.environ.items() if not name.startswith("UPAY_")},
        # Its own session: Ctrl-C in a terminal must not reach it before our jobs have ended.
        start_new_session=True,
    )
    try:
        yield lambda: ProviderAddress(NAME, f"http://127.0.0.1:{_port(process, port_file)}", secret)
    finally:
        _end(process)


async def refuse_at(url: str) -> None:
    """Looks who the provider of a live server is; one that does not answer may do so later.

    Raises:
        Refused: it is a simulator, where certain amounts decide what becomes of the money.
    """
    if await is_simulator(url):
        raise Refused(
            "The provider at UPAY_PROVIDER_URL is a simulator, and no money of a live server "
            "comes out of it: name the real provider, or set UPAY_MODE to test."
        )


async def set_clock(provider: ProviderAddress, ahead: timedelta) -> None:
    """Lets a simulator that we run be as far ahead of the real time as its server.

    Raises:
        httpx2.HTTPError: it does not answer, or not as it should.
    """
    async with httpx2.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
        answer = await client.post(
            f"{provider.url}/control/clock",
            json={"ahead_seconds": ahead.total_seconds()},
            headers={"Authorization": f"Bearer {provider.secret}"},
        )
        answer.raise_for_status()


def _port(process: subprocess.Popen[bytes], file: Path) -> int:
    give_up_at = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        with suppress(FileNotFoundError):
            text = file.read_text().strip()
            if text.isdecimal():
                return int(text)
        time.sleep(POLL_SECONDS)
    raise Refused(
        "The payment provider's simulator did not start: set right what it said above, or set "
        "UPAY_PROVIDER_URL to another provider."
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
