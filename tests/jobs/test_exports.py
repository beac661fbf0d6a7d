"""The proof: whoever makes an archive is killed in the middle, and one whole archive is made."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest

from domain import exports, sealed_files
from domain.chart import house_account
from models.exports import Export, ExportStatus
from models.people import Person
from models.sealed_files import SealedFile, SealedPart
from models.security_events import EventKind, SecurityEvent
from models.wallets import Account, AccountKind
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import registers
from tests.moments import NOON

MOVEMENTS: Final = 10_000
PATIENCE_SECONDS: Final = 120

_HISTORY: Final = """
    INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, currency,
                           note, created_at, settled_at)
    SELECT gen_random_uuid(), 'transfer', 'completed', $1, $2, $3, 1, 'CNY', 'number ' || n,
           $4::timestamptz + n * interval '1 second', $4::timestamptz + n * interval '1 second'
    FROM generate_series(1, $5::int) n
"""


async def with_history(urls: DatabaseUrls, movements: int) -> Person:
    """Somebody who paid very often."""
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    house = house_account(AccountKind.EQUITY, wallet.currency)
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(_HISTORY, ada.id, wallet.id, house, NOON, movements)
    await owner.close()
    assert await Account.filter(owner_id=ada.id).count() == 1
    return ada


def started(url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.jobs.export_process", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


async def at_progress(least: int) -> Export:
    """Returns when the export is that far."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (export := await Export.get()).progress < least:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return export


@pytest.fixture
async def killed(database: DatabaseUrls) -> AsyncIterator[list[subprocess.Popen[bytes]]]:
    """Processes of the test, which it may leave behind."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.slow
async def test_an_export_whose_process_is_killed_twice_becomes_one_whole_archive(
    database: DatabaseUrls, killed: list[subprocess.Popen[bytes]]
) -> None:
    ada = await with_history(database, MOVEMENTS)
    await exports.ask(by=await registers.identity_of(ada), now=NOON)
    files = set()

    for least in (5, 20):
        killed.append(started(database.application))
        files.add((await at_progress(least)).file_id)
        killed[-1].kill()
        killed[-1].wait()
        await Export.all().update(progress=0)
    killed.append(started(database.application))
    ready = await at_progress(100)

    assert ready.status is ExportStatus.READY
    assert len(files | {ready.file_id}) == 3
    assert await SealedFile.all().count() == 1
    assert await SecurityEvent.filter(kind=EventKind.EXPORT_READY).count() == 1
    assert ready.file_id is not None
    with zipfile.ZipFile(io.BytesIO(await sealed_files.whole(ready.file_id))) as archive:
        assert archive.testzip() is None
        notes = [each["note"] for each in json.loads(archive.read("movements.json"))]
        rows = list(csv.reader(io.StringIO(archive.read("movements.csv").decode("utf-8-sig"))))
    assert notes == [f"number {number}" for number in range(MOVEMENTS, 0, -1)]
    assert len(rows) == 1 + MOVEMENTS
    assert await SealedPart.filter(file_id=ready.file_id).count() > 1
