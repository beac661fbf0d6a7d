"""Where movements stand in the chain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.database import Client

# A movement with a posting that still waits stands nowhere yet: nulls come first.
_OF: Final = """
    SELECT DISTINCT ON (p.movement_id) p.movement_id, l.seq, l.hash
    FROM postings p LEFT JOIN chain_links l ON l.subject_id = p.id
    WHERE p.movement_id = ANY ($1) ORDER BY p.movement_id, l.seq DESC NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Seal:
    """The last link of a movement's postings."""

    seq: int
    hash: bytes


async def of(database: Client, movement_ids: Collection[UUID]) -> dict[UUID, Seal]:
    """The seals of those of the movements whose postings are all sealed, in one statement."""
    rows = await database.pool.fetch(_OF, list(movement_ids))
    return {id: Seal(seq, hash) for id, seq, hash in rows if seq is not None}
