"""Everything that is measured, or some of it: `python -m benchmarks --only transfers screen`."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvloop

from benchmarks import (
    histories,
    pages,
    postings,
    rounds,
    screens,
    servers,
    sign_ins,
    sockets,
    subscriptions,
    tables,
    targets,
    transfers,
    worlds,
)
from benchmarks.rounds import Bench
from benchmarks.servers import Served
from benchmarks.worlds import World
from server.embedded.postgres import EmbeddedPostgres, running

CASES: Final = ("transfers", "hot", "screen", "history", "subscriptions", "sign_ins", "postings")
_PEERS: Final = {
    transfers.POSTGRAPHILE: servers.postgraphile,
    transfers.MERCURIUS: servers.mercurius,
}


def main() -> None:
    """Measures what the command line asks for, and prints it."""
    asked = _arguments()
    load = os.getloadavg()[0]
    sockets.raise_limit()
    if asked.peers and not servers.are_peers_installed():
        servers.install_peers()
    with (
        _folder() as folder,
        running(folder / "data") as postgres,
        rounds.bench(postgres.pid) as bench,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_measured(postgres, bench, folder, asked))
    print(f"\n{tables.machine()} Load average before: {load:.1f}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CASES, default=CASES)
    parser.add_argument("--seconds", type=float, default=2, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=(1, 32, 64))
    parser.add_argument("--callers", type=int, nargs="+", default=(1, 32, 128), help="of postings")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the long history")
    parser.add_argument("--many", type=int, default=1_000, help="followers of one wallet")
    parser.add_argument("--most", type=int, default=10_000, help="followers of all wallets")
    parser.add_argument("--payments", type=int, default=10, help="that followers hear of")
    parser.add_argument("--sign-ins", type=int, default=48, help="of each way that fails")
    parser.add_argument("--residents", type=int, default=worlds.RESIDENTS)
    parser.add_argument(
        "--profile", type=Path, help="uPay alone: where to write where its time goes"
    )
    parser.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="PostGraphile and mercurius, installed with npm the first time",
    )
    return parser.parse_args()


@dataclass(frozen=True)
class Place:
    """Where, with whom and how long it is measured."""

    bench: Bench
    world: World
    folder: Path
    asked: argparse.Namespace


async def _measured(
    postgres: EmbeddedPostgres, bench: Bench, folder: Path, asked: argparse.Namespace
) -> None:
    async with worlds.opened(postgres, residents=asked.residents) as world:
        place = Place(bench, world, folder, asked)
        found: targets.Found = {}
        if not {"transfers", "hot", "screen"}.isdisjoint(asked.only):
            found = {**found, **await _beside_peers(place)}
        if not {"history", "subscriptions", "sign_ins"}.isdisjoint(asked.only):
            found = {**found, **await _alone(place)}
        if "postings" in asked.only:
            print(f"\n## Postings\n\n{await postings.measured(world, folder, asked)}")
        if not {"transfers", "hot", "history"}.isdisjoint(found):
            print(f"\n## Targets\n\n{targets.table(found)}")


async def _beside_peers(place: Place) -> targets.Found:
    bench, world, asked = place.bench, place.world, place.asked
    found = {}
    await histories.short(world)
    with _served(place) as served:
        for name, title, is_hot in (
            ("transfers", "Confirmed transfers", False),
            ("hot", "To one merchant", True),
        ):
            if name in asked.only:
                print(f"\n## {title}\n")
                found[name] = await transfers.measured(bench, world, served, asked, is_hot=is_hot)
                print(f"\n{tables.compared(found[name])}")
        if "screen" in asked.only:
            print("\n## The wallet's screen\n")
            found["screen"] = await screens.measured(bench, world, served, asked)
            print(f"\n{tables.compared(found['screen'])}")
    return found


async def _alone(place: Place) -> targets.Found:
    bench, world, asked = place.bench, place.world, place.asked
    found = {}
    with servers.upay(world, place.folder, profile=asked.profile) as ours:
        if "history" in asked.only:
            print("\n## History\n")
            pages_found = await pages.measured(bench, world, ours, asked)
            found["history"] = {pages.CONNECTIONS: pages_found}
            print(f"\n{tables.alone(pages_found)}")
        if "subscriptions" in asked.only:
            print(f"\n## Subscriptions\n\n{await subscriptions.measured(world, ours, asked)}")
        if "sign_ins" in asked.only:
            print(f"\n## Failed sign-ins\n\n{await sign_ins.measured(world, ours, asked)}")
    return found


@contextmanager
def _served(place: Place) -> Iterator[Mapping[str, Served]]:
    world, folder, asked = place.world, place.folder, place.asked
    with ExitStack() as ending:
        served = {
            tables.OURS: ending.enter_context(servers.upay(world, folder, profile=asked.profile))
        }
        if asked.profile is None:
            others = {transfers.ORDINARY: servers.ordinary}
            if asked.peers:
                others |= _PEERS
            for name, server in others.items():
                served[name] = ending.enter_context(server(world, folder))
        yield served


@contextmanager
def _folder() -> Iterator[Path]:
    """One that PostgreSQL's user can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="upay-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
