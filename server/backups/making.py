"""Making a backup: one moment of the database in one file, while the server goes on."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from domain.key_uses import KeyUse
from server.backups import archives, manifests, snapshots, tools
from server.backups.archives import CHUNK_BYTES, DUMP, MANIFEST, SEAL, Writing
from server.backups.manifests import Manifest, NeededKey, Part
from server.backups.snapshots import Snapshot
from server.backups.tools import Tools
from server.keys import SecretKey

_PROJECT: Final = Path(__file__).parents[2] / "pyproject.toml"
_DUMP: Final = ("--format=custom", "--schema=public", "--no-owner", "--no-privileges")


async def make(
    path: Path, url: str, *, keys: Sequence[SecretKey], mode: str, now: datetime
) -> Manifest:
    """Writes everything at `url` to a new file at `path`; the keys are named there, not kept.

    `url` is the owner's. Whatever is committed before the snapshot is in it, nothing else is.

    Raises:
        Refused: there is nothing to keep, the file cannot be written, or a tool fails.
    """
    with archives.written(path) as writing:
        async with snapshots.taken(url) as snapshot:
            chosen = tools.for_major(snapshot.major)
            dump = await _dump(writing, url, snapshot, chosen)
        manifest = Manifest(
            upay=tomllib.loads(_PROJECT.read_text())["project"]["version"],
            made_at=now.isoformat(),
            mode=mode,
            postgresql=snapshot.version,
            dumped_by=chosen.major,
            migrations=snapshot.migrations,
            tables=snapshot.tables,
            facts=snapshot.facts,
            keys=_needed(keys, snapshot.uses),
            dump=dump,
        )
        writing.add(MANIFEST, manifest.text())
        writing.add(SEAL, manifests.seal(manifest.text(), keys[0]))
    return manifest


async def _dump(writing: Writing, url: str, snapshot: Snapshot, chosen: Tools) -> Part:
    moment = f"--snapshot={snapshot.name}"
    async with chosen.run("pg_dump", *_DUMP, moment, url=url) as program:
        with writing.part(DUMP) as growing:
            while chunk := await program.output.read(CHUNK_BYTES):
                growing.write(chunk)
        await program.refuse_failure()
        return growing.so_far


def _needed(keys: Sequence[SecretKey], uses: Sequence[KeyUse]) -> list[NeededKey]:
    """Those that something was kept with, and the one in use, which sealed the backup."""
    known = {key.id: key for key in keys}
    return [
        NeededKey(
            id=key_id,
            fingerprint=manifests.fingerprint(known[key_id]) if key_id in known else None,
            uses={use.place: use.rows for use in uses if use.key_id == key_id},
        )
        for key_id in sorted({keys[0].id, *(use.key_id for use in uses)})
    ]
