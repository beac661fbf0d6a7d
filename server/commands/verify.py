"""Recomputes the books, also beside a running server, and says line by line what is right."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from domain import secrets, verification
from domain.chain import anchors
from domain.verification import Finding
from models.chain import ChainAnchor
from models.database import connected
from server import clocks, foundations, logs, signals
from server.keys import SecretKey, keyring
from server.refusals import Refused
from server.settings import Mode, Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    exported = _exported(asked.anchors) if asked.anchors else []
    with foundations.borrowed(settings) as base:
        asked_at = signals.run(lambda _: _moment(base.database_url, settings.mode))
        proof = verified(base.database_url, base.keys, exported, now=asked_at)
        return 0 if signals.run(lambda _: proof) else 1


async def verified(
    url: str, keys: Sequence[SecretKey], exported: Sequence[ChainAnchor] = (), *, now: datetime
) -> bool:
    """Whether everything was right; each thing is told as soon as it is known."""
    is_right = True
    secrets.install(keyring(keys))
    async with connected(url, pool_size=1, is_patient=True):
        began = time.monotonic()
        async for finding in verification.verify(now, exported):
            ended = time.monotonic()
            print(_line(finding, ended - began), flush=True)
            began, is_right = ended, is_right and finding.wrong is None
    return is_right


async def _moment(url: str, mode: Mode) -> datetime:
    async with connected(url, pool_size=1):
        return await clocks.asked(mode)


def _line(finding: Finding, seconds: float) -> str:
    verdict = "ok" if finding.wrong is None else "WRONG"
    line = (
        f"{verdict:<6}{finding.says:<45}{finding.count:>12,} {finding.table:<17}{seconds:>7.1f} s"
    )
    if finding.wrong is None:
        return line
    wrong = finding.wrong
    return (
        f"{line}\n"
        f"      first wrong  {wrong.place} {wrong.key}\n"
        f"      expected     {wrong.expected}\n"
        f"      found        {wrong.found}"
    )


def _exported(file: str) -> list[ChainAnchor]:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
        return [anchors.parsed(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise Refused(
            f"{file} cannot be read as a list of anchors ({error}): give a file that "
            "`python -m server anchors` printed."
        ) from error
