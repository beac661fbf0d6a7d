"""The client of the guides comes back by itself, and then nothing is missing or there twice."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.guides.pages import PROGRAMS, Reader
from tests.server.proxies import Proxy
from tests.server.servers import Server

pytestmark = pytest.mark.slow

INTERRUPTED: Final = Path(__file__).with_name("interrupted.ts")
PATIENCE_SECONDS: Final = 40.0


async def test_whoever_is_cut_off_at_each_event_hears_all_of_them_once(
    demo: Server, reader: Reader
) -> None:
    folder = reader.docs / "frontend"
    shutil.copy(INTERRUPTED, folder)

    async with Proxy([demo.port]) as proxy, asyncio.timeout(PATIENCE_SECONDS):
        addresses = [f"http://{each}/graphql" for each in (f"localhost:{demo.port}", proxy.address)]
        following = await asyncio.create_subprocess_exec(
            PROGRAMS / "node",
            INTERRUPTED.name,
            *addresses,
            cwd=folder,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            assert following.stdout is not None
            heard = []
            while line := await following.stdout.readline():
                heard.append(int(line))
                proxy.break_off()
            assert await following.wait() == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(following.pid, signal.SIGKILL)

    assert heard == [1, 2, 3]
