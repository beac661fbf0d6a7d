"""Whether a page of history costs the same wherever it stands and however long history is."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg

from benchmarks import asking, histories
from benchmarks.rounds import Bench, Measured, Way
from benchmarks.servers import Served
from benchmarks.worlds import Resident, World
from schema import ids, pages

PAGE: Final = 10
FAR: Final = 10_000
CONNECTIONS: Final = 8
_MOVEMENT: Final = b'"node":{'
_DOCUMENT: Final = """
query Page($wallet: ID!, $after: String) {
  wallet(id: $wallet) {
    movements(first: 10, after: $after) {
      edges { cursor node { id direction status amount { amountMinor } createdAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_PLACE: Final = """
    SELECT created_at, id FROM movements WHERE source_id = $1 OR target_id = $1
    ORDER BY created_at DESC, id DESC OFFSET $2 LIMIT 1
"""


async def measured(
    bench: Bench, world: World, ours: Served, asked: Namespace
) -> Mapping[str, Measured]:
    """uPay beside itself, on a wallet with few entries and on one with `entries`."""
    entries: int = asked.entries
    newcomer = await histories.newcomers(world, entries=PAGE)
    merchant = await histories.long(world, entries=entries)
    far = min(FAR, entries // PAGE)
    cursor = await _cursor(world, merchant, far)
    ways = [
        _way(f"{PAGE} entries, page 1", ours, newcomer, None),
        _way(f"{entries:,} entries, page 1", ours, merchant, None),
        _way(f"{entries:,} entries, page {far:,}", ours, merchant, cursor),
    ]
    return await bench.compared(
        ways, connections=CONNECTIONS, seconds=asked.seconds, rounds=asked.rounds
    )


def _way(name: str, ours: Served, owner: Resident, after: str | None) -> Way:
    given = {"wallet": ids.public(ids.Prefix.WALLET, owner.wallet_id), "after": after}
    request = asking.request(_DOCUMENT, given, token=owner.token)

    async def asked(_: int) -> Sequence[bytes]:
        return [request]

    return Way(
        name=name,
        server_pid=ours.pid,
        port=ours.port,
        asked=asked,
        sign=_MOVEMENT,
        times=PAGE,
        is_repeated=True,
    )


async def _cursor(world: World, owner: Resident, page: int) -> str:
    """After what stands before this page."""
    connection = await asyncpg.connect(world.postgres.urls.owner)
    try:
        place = await connection.fetchrow(_PLACE, owner.wallet_id, (page - 1) * PAGE - 1)
    finally:
        await connection.close()
    return pages.cursor((place["created_at"], place["id"]))
