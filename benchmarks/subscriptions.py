"""What a follower costs while nothing happens, and how soon all hear when something does."""

from __future__ import annotations

import asyncio
import statistics
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

import asyncpg

from benchmarks import cpu, quotes, tables
from benchmarks.followers import Followers, Wish, followers
from benchmarks.servers import Served
from benchmarks.worlds import Resident, World
from schema import ids

PAUSE_SECONDS: Final = 0.05
_DOCUMENT: Final = """
subscription Follow($wallet: ID!, $after: Sequence) {
  walletEvents(walletId: $wallet, after: $after) {
    __typename
    ... on MovementChanged {
      seq at status
      movement { id status amount { amountMinor currency } counterparty { name } }
    }
  }
}
"""
_HEADS: Final = (
    "SELECT stream_id, max(seq) FROM stream_events WHERE stream_id = ANY ($1) GROUP BY 1"
)


@dataclass(frozen=True)
class _Told:
    """One payment, in milliseconds from when it was sent: its answer, and who heard of it."""

    answered: float
    first: float
    middle: float
    last: float


class _Scene:
    """uPay, those who follow, and somebody who pays."""

    def __init__(self, world: World, ours: Served, crowd: Followers) -> None:
        self._world = world
        self._ours = ours
        self._crowd = crowd
        self._followers = 0
        self._empty = cpu.kibibytes(ours.pid)

    async def follow(self, owners: Sequence[Resident]) -> Sequence[str]:
        """The row of a table: how many follow by now, what each holds and what opening one took."""
        wishes = await self._wishes(owners)
        before = cpu.tree_seconds(self._ours.pid)
        await self._crowd.open(self._ours.port, wishes)
        used = cpu.tree_seconds(self._ours.pid) - before
        self._followers += len(owners)
        each = (cpu.kibibytes(self._ours.pid) - self._empty) / self._followers
        return (f"{self._followers:,}", f"{each:.0f}", f"{used / len(owners) * 1e6:,.0f}")

    async def pay(self, payee: Resident, *, heard_by: int, payments: int) -> Sequence[str]:
        """The row of a table: the medians of so many payments, each heard by so many."""
        payer = self._world.residents[0]
        requests = await quotes.confirmations(self._world, [(payer, payee)] * payments)
        before = self._used()
        told = [await self._told(request, heard_by) for request in requests]
        server, database = (now - then for now, then in zip(self._used(), before, strict=True))
        times = (
            statistics.median(getattr(one, name) for one in told)
            for name in ("answered", "first", "middle", "last")
        )
        per_delivery = 1e6 / payments / heard_by
        cpu_us = f"{server * per_delivery:,.0f} + {database * per_delivery:,.0f}"
        held = f"{self._followers:,}"
        return (held, f"{heard_by:,}", *(f"{ms:.1f}" for ms in times), cpu_us)

    async def _told(self, request: bytes, heard_by: int) -> _Told:
        self._crowd.listen(heard_by)
        sent_at = time.perf_counter()
        answered_at = await _answered(self._ours.port, request)
        heard_at = sorted(await self._crowd.heard())
        await asyncio.sleep(PAUSE_SECONDS)
        marks = (answered_at, heard_at[0], statistics.median(heard_at), heard_at[-1])
        return _Told(*((mark - sent_at) * 1_000 for mark in marks))

    async def _wishes(self, owners: Sequence[Resident]) -> list[Wish]:
        connection = await asyncpg.connect(self._world.postgres.urls.owner)
        try:
            rows = await connection.fetch(_HEADS, [owner.wallet_id for owner in owners])
        finally:
            await connection.close()
        heads = {row["stream_id"]: row["max"] for row in rows}
        return [
            Wish(
                document=_DOCUMENT,
                wallet_id=ids.public(ids.Prefix.WALLET, owner.wallet_id),
                after=heads[owner.wallet_id] - 1,
                token=owner.token,
            )
            for owner in owners
        ]

    def _used(self) -> tuple[float, float]:
        return cpu.tree_seconds(self._ours.pid), cpu.tree_seconds(self._world.postgres.pid)


async def measured(world: World, ours: Served, asked: Namespace) -> str:
    """Two tables: what `many` and then `most` followers hold, and when one and `many` hear."""
    many, most, payments = asked.many, asked.most, asked.payments
    alone, others = world.residents[1], cycle(world.residents[2:])
    with followers() as crowd:
        scene = _Scene(world, ours, crowd)
        await scene.follow([alone])
        to_one = await scene.pay(alone, heard_by=1, payments=3 * payments)
        at_many = await scene.follow([world.merchant] * many)
        to_many = await scene.pay(world.merchant, heard_by=many, payments=payments)
        at_most = await scene.follow(list(islice(others, most - many)))
        among_most = await scene.pay(world.merchant, heard_by=many, payments=payments)
    return "\n\n".join(
        (
            tables.markdown(
                ("followers", "KiB each (PSS)", "CPU us to open one"), (at_many, at_most)
            ),
            tables.markdown(
                (
                    *("followers", "who hear", "payer's answer, ms", "first, ms", "middle, ms"),
                    *("last, ms", "CPU us per delivery, payment included, server + database"),
                ),
                (to_one, to_many, among_most),
            ),
        )
    )


async def _answered(port: int, request: bytes) -> float:
    """When the whole answer was there; raises unless it says that the money moved."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        body = await reader.readexactly(length)
        answered_at = time.perf_counter()
    finally:
        writer.close()
    if quotes.CONFIRMED not in body.translate(None, b" \n"):
        raise RuntimeError(body.decode())
    return answered_at
