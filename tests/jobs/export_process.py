"""A worker that makes exports, in a process of its own: `python -m tests.jobs.export_process URL`.

It ends when the work is done and says what the most was that it had in memory, in KiB.
"""

from __future__ import annotations

import asyncio
import resource
import sys

from domain import exports, secrets
from jobs.exports import make_export
from jobs.worker import Worker
from models.database import connected
from models.exports import Export, ExportStatus
from realtime import bus
from tests.conftest import KEYRING
from tests.moments import Clock


async def main(url: str) -> None:
    secrets.install(KEYRING)
    async with connected(url, pool_size=4, everywhere=True), bus.MemoryBus() as memory:
        bus.install(memory)
        worker = Worker({exports.JOB: make_export}, clock=Clock(), lease_seconds=1.0)
        while await Export.filter(status=ExportStatus.ASKED).exists():
            if not await worker.run_due():
                await asyncio.sleep(0.1)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
