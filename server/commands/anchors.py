"""Prints the anchors of the chain, a line for each day, to be kept where this database is not."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from domain.chain import anchors
from models.chain import ChainAnchor
from models.database import connected
from server import foundations, logs, signals
from server.settings import Settings


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    with foundations.borrowed(settings) as base:
        for anchor in signals.run(lambda _: _all(base.database_url)):
            print(anchors.line(anchor))
    return 0


async def _all(url: str) -> list[ChainAnchor]:
    async with connected(url, pool_size=1):
        return await ChainAnchor.all().order_by("day")
