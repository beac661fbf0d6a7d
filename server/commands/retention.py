"""Takes away what is past its day, or says what would go; a server does so once a day."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from domain import retention
from domain.retention import Rule
from models.database import connected
from server import clocks, data_folders, foundations, logs, signals
from server.refusals import Refused
from server.settings import Mode, Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    folder = data_folders.embedded(settings)
    if folder is not None and not folder.exists():
        raise Refused(f"There are no data in {folder}, so nothing is past its day.")
    with foundations.reached(settings) as (_, urls):
        signals.run(lambda _: _tell(urls.application, settings.mode, is_dry=asked.dry_run))
    return 0


async def _tell(url: str, mode: Mode, *, is_dry: bool) -> None:
    print(f"{'days':>4}  {'would go' if is_dry else 'gone':>9}  what, and why so long")
    # Whoever asks by hand waits; counting a large table may take longer than a request may.
    async with connected(url, pool_size=1, is_patient=True):
        async for rule, rows in _counted(await clocks.asked(mode), is_dry=is_dry):
            print(f"{rule.days:>4}  {rows:>9}  {rule.name}: {rule.why}", flush=True)
    print("Everything else is kept.")


async def _counted(now: datetime, *, is_dry: bool) -> AsyncIterator[tuple[Rule, int]]:
    for rule in retention.RULES:
        yield rule, await (retention.count_past if is_dry else retention.purge)(rule, now)
