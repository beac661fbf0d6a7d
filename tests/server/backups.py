"""Backups as the tests make and restore them, and what they compare."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import asyncpg

from server import foundations
from server.backups import archives, making, manifests, restoring, snapshots
from server.backups.archives import Writing
from server.backups.manifests import Manifest
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from tests.moments import NOON

KEYS: Final = (SecretKey("b", bytes(range(1, 33))), SecretKey("a", bytes(range(3, 35))))
PIN: Final = "246810"


async def made(path: Path, urls: DatabaseUrls) -> Manifest:
    return await making.make(path, urls.owner, keys=KEYS, mode="test", now=NOON)


async def restore(path: Path, urls: DatabaseUrls, *, with_keys: Any = KEYS) -> None:
    """As the command does it."""
    with archives.opened(path) as archive:
        restoring.refuse(archive, keys=with_keys, mode="test")
        await restoring.refuse_filled(urls.owner)
        await restoring.restore(archive, urls.owner)
    await foundations.prepare(urls)


async def facts(urls: DatabaseUrls) -> Any:
    async with snapshots.taken(urls.owner) as snapshot:
        return snapshot.facts


async def tables(urls: DatabaseUrls) -> list[str]:
    connection = await asyncpg.connect(urls.owner)
    try:
        rows = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' ORDER BY relname"
        )
    finally:
        await connection.close()
    return [row["relname"] for row in rows]


def write(writing: Writing, dump: bytes, manifest: Manifest, sealed: bytes | None = None) -> None:
    """A backup in every part as its manifest says; sealed with our key unless by somebody else."""
    part = manifests.Part(length=len(dump), sha256=hashlib.sha256(dump).hexdigest())
    text = replace(manifest, dump=part).text()
    writing.add(archives.DUMP, dump)
    writing.add(archives.MANIFEST, text)
    writing.add(archives.SEAL, sealed or manifests.seal(text, KEYS[0]))
