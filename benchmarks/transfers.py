"""Confirmed transfers, between any two people and all to one merchant."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks import asking, quotes
from benchmarks.books import Books
from benchmarks.rounds import Bench, Measured, Way
from benchmarks.servers import Served
from benchmarks.tables import OURS
from benchmarks.worlds import Resident, World
from models.ids import new_id

COLD: Final = "uPay, between any two"
POSTGRAPHILE, MERCURIUS, ORDINARY = "PostGraphile", "mercurius (jit)", "Strawberry + Tortoise"

_POSTGRAPHILE: Final = """
mutation Transfer($input: TransferInput!) {
  transfer(input: $input) { result { movementId outcome amount } }
}
"""
_OTHERS: Final = """
mutation Transfer($input: TransferInput!) {
  transfer(input: $input) { movementId outcome amount }
}
"""
_DONE: Final = b'"outcome":"done"'

Sides = Sequence[tuple[Resident, Resident]]


async def measured(
    bench: Bench,
    world: World,
    served: Mapping[str, Served],
    asked: Namespace,
    *,
    is_hot: bool,
) -> Mapping[int, Mapping[str, Measured]]:
    """How all who are served compare, by how many ask at once; the books are checked throughout."""
    books = await Books.of(world)
    ways = [_way(name, one, world, books, is_hot=is_hot) for name, one in served.items()]
    if is_hot:
        # In the same rounds, so that the two can be compared.
        ways.append(_way(COLD, served[OURS], world, books, is_hot=False))
    found = {
        count: await bench.compared(
            ways, connections=count, seconds=asked.seconds, rounds=asked.rounds
        )
        for count in asked.connections
    }
    await books.balance()
    return found


def _way(name: str, served: Served, world: World, books: Books, *, is_hot: bool) -> Way:
    is_ours = name in {OURS, COLD}

    async def asked(count: int) -> Sequence[bytes]:
        sides = _sides(world, count, is_hot=is_hot)
        if is_ours:
            return await quotes.confirmations(world, sides)
        return [_request(name, payer, payee) for payer, payee in sides]

    return Way(
        name=name,
        server_pid=served.pid,
        port=served.port,
        asked=asked,
        sign=quotes.CONFIRMED if is_ours else _DONE,
        checked=books.hold,
    )


def _sides(world: World, count: int, *, is_hot: bool) -> Sides:
    if is_hot:
        return [(random.choice(world.residents), world.merchant) for _ in range(count)]
    pairs = (random.sample(world.residents, 2) for _ in range(count))
    return [(payer, payee) for payer, payee in pairs]


def _request(name: str, payer: Resident, payee: Resident) -> bytes:
    given = {
        "key": new_id().hex,
        "ownerId": str(payer.person_id),
        "sourceId": str(payer.wallet_id),
        "targetId": str(payee.wallet_id),
        "amount": "1" if name == POSTGRAPHILE else 1,
    }
    document = _POSTGRAPHILE if name == POSTGRAPHILE else _OTHERS
    return asking.request(document, {"input": given})
