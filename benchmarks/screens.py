"""What a wallet's screen asks for: me, my balances, twenty movements and who they were with."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks import asking
from benchmarks.rounds import Bench, Measured, Way
from benchmarks.servers import Served
from benchmarks.tables import OURS
from benchmarks.transfers import POSTGRAPHILE
from benchmarks.worlds import Resident, World

PAGE: Final = 20
_DIFFERENT: Final = 500
_MOVEMENT: Final = b'"node":{'

_OURS: Final = """
query Screen {
  me {
    id accountName displayName
    wallets {
      id currency
      balance {
        total { amountMinor } available { amountMinor } held { amountMinor }
      }
      movements(first: 20) {
        edges { cursor node {
          id direction status amount { amountMinor currency } note createdAt
          counterparty { id name }
        } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""
_POSTGRAPHILE: Final = """
query Screen($id: UUID!) {
  personByRowId(rowId: $id) {
    rowId accountName displayName
    wallets { nodes {
      rowId currency total available held
      movements(first: 20, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
        edges { cursor node {
          rowId direction status amount currency note createdAt
          other { owner { rowId displayName } }
        } }
        pageInfo { hasNextPage endCursor }
      }
    } }
  }
}
"""
_OTHERS: Final = """
query Screen($id: %s!) {
  person(id: $id) {
    id accountName displayName
    wallets {
      id currency total available held
      movements(first: 20) {
        edges { cursor node {
          id direction status amount currency note createdAt
          counterparty { id displayName }
        } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""


async def measured(
    bench: Bench, world: World, served: Mapping[str, Served], asked: Namespace
) -> Mapping[int, Mapping[str, Measured]]:
    """How all who are served compare; every answer must hold twenty movements."""
    people = random.sample(world.residents, min(_DIFFERENT, len(world.residents)))
    ways = [_way(name, one, people) for name, one in served.items()]
    return {
        count: await bench.compared(
            ways, connections=count, seconds=asked.seconds, rounds=asked.rounds
        )
        for count in asked.connections
    }


def _way(name: str, served: Served, people: Sequence[Resident]) -> Way:
    requests = [_request(name, person) for person in people]

    async def asked(_: int) -> Sequence[bytes]:
        return requests

    return Way(
        name=name,
        server_pid=served.pid,
        port=served.port,
        asked=asked,
        sign=_MOVEMENT,
        times=PAGE,
        is_repeated=True,
    )


def _request(name: str, person: Resident) -> bytes:
    if name == OURS:
        return asking.request(_OURS, {}, token=person.token)
    kind = "ID" if name.startswith("mercurius") else "UUID"
    document = _POSTGRAPHILE if name == POSTGRAPHILE else _OTHERS % kind
    return asking.request(document, {"id": str(person.person_id)})
