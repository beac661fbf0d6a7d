"""uPay as other people's auditors and clients meet it, who never heard of its code."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from server.app import Front, application
from server.town import PASSWORD, PIN
from tests.api.clients import served
from tests.api.conftest import settle
from tests.api.talkers import Talker
from tests.moments import Clock
from tests.server.servers import Server, serving

pytestmark = pytest.mark.slow

HERE: Final = Path(__file__).parent
LOCK: Final = HERE / "package-lock.json"
INSTALLED: Final = HERE / "node_modules" / ".lock-it-came-from"
PATIENCE_SECONDS: Final = 20
PROGRAMS: Final = Path(sys.executable).parent

AUDITS: Final = {"MUST": 13, "SHOULD": 23, "MAY": 25}
# uPay answers no GET: a query in an address is kept by histories and logs on its way.
NOTICES: Final = {"5A70": "notice", "D6D5": "notice", "6A70": "notice"}

SIGN_IN: Final = """mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { tokens { accessToken } } } }"""
MINE: Final = "{ me { wallets { id currency } } }"


@dataclass(frozen=True)
class Town:
    """A demo that runs in a process of its own, with two of its people signed in."""

    address: str
    ada: str
    bob: str
    bobs_wallet: str


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="upay-audits-") as folder:
        # PostgreSQL's account goes in too should root run the tests.
        Path(folder).chmod(0o755)
        with serving(Path(folder)) as server:
            yield server


@pytest.fixture(scope="module")
def town(server: Server) -> Town:
    address = f"127.0.0.1:{server.port}"
    ada, bob = _signed_in(address, "ada"), _signed_in(address, "bob")
    wallets = _asked(address, MINE, token=bob)["me"]["wallets"]
    [bobs_wallet] = [wallet["id"] for wallet in wallets if wallet["currency"] == "CNY"]
    return Town(address, ada, bob, bobs_wallet)


@pytest.mark.parametrize("path", ["/graphql", "/desk/graphql"])
async def test_a_demo_passes_every_audit_of_graphql_over_http_for_anybody(
    town: Town, path: str
) -> None:
    results = await _reported("http.js", url=f"http://{town.address}{path}")

    _check(results)


async def test_a_live_server_passes_every_audit_for_somebody_who_is_signed_in(
    database: object, clock: Clock
) -> None:
    app = application(Front(clock=clock, livemode=True))
    ada = await settle(app, clock, "ada")

    async with served(app) as address:
        results = await _reported(
            "http.js", url=f"http://{address}/graphql", token=ada.tokens.access
        )

    _check(results)


async def test_a_client_of_graphql_ws_pays_and_another_sees_the_money_arrive(town: Town) -> None:
    told = await _reported(
        "sockets.js", address=town.address, ada=town.ada, bob=town.bob, pin=PIN, amountMinor=251
    )

    assert told == {"paid": {"__typename": "TransferCompleted"}, "event": _arrived(251)}


async def test_a_client_of_graphql_sse_pays_and_another_sees_the_money_arrive(town: Town) -> None:
    told = await _reported(
        "streams.js", address=town.address, ada=town.ada, bob=town.bob, pin=PIN, amountMinor=252
    )

    assert told == {
        "answers": 1,
        "paid": {"__typename": "TransferCompleted"},
        "event": _arrived(252),
    }


async def test_a_socket_that_is_misused_is_closed_with_the_code_of_the_protocol(
    town: Town,
) -> None:
    codes = await _reported(
        "closes.js", address=town.address, token=town.bob, walletId=town.bobs_wallet
    )

    # Of so much, some is still on its way: TCP may throw the goodbye away with the connection.
    assert codes.pop("five megabytes") in {1009, 1006}
    assert codes == {
        "wrong token": 4403,
        "a token that is none": 4403,
        "subscribed before init": 4401,
        "one id twice": 4409,
        "two inits": 4429,
        "not JSON": 4400,
        "no such type": 4400,
        "no type": 4400,
        "no subprotocol": 4406,
        "more than 64 KiB": 1009,
    }


async def test_whoever_begins_and_then_says_nothing_is_let_go(town: Town) -> None:
    begun = b"POST /graphql HTTP/1.1\r\nHost: upay\r\nContent-Type: application/json\r\n"

    socket, one, other = await asyncio.gather(
        _end_of_a_silent_socket(town.address),
        _answer_to(town.address, begun + b"Content-Length: 30\r\n\r\n"),
        _answer_to(town.address, begun + b'Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'),
    )

    assert socket == 4408
    for answer in (one, other):
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"TIMEOUT"' in answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _check(results: list[dict[str, Any]]) -> None:
    found = Counter(result["name"].split()[0] for result in results)
    fallen = [result for result in results if result["status"] != "ok"]

    assert found == AUDITS
    assert {each["id"]: each["status"] for each in fallen} == NOTICES, fallen


def _arrived(amount: int) -> dict[str, Any]:
    return {
        "__typename": "MovementChanged",
        "status": "COMPLETED",
        "movement": {"direction": "IN", "amount": {"amountMinor": amount}},
    }


async def _end_of_a_silent_socket(address: str) -> int | None:
    async with Talker.connect(address) as talker:
        return await talker.end(within_seconds=PATIENCE_SECONDS)


async def _answer_to(address: str, begun: bytes) -> bytes:
    """What is answered when no more than this is sent."""
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(begun)
    try:
        return await asyncio.wait_for(reader.readuntil(b"}]}"), PATIENCE_SECONDS)
    finally:
        writer.close()


async def _reported(script: str, **words: Any) -> Any:
    """What one of the scripts here printed; it must have ended well."""
    await asyncio.to_thread(_install_once)
    code, output = await _ran("node", script, json.dumps(words))
    assert code == 0, output
    return json.loads(output)


def _install_once() -> None:
    """The packages of the lock, beside it; several runs at once wait for the first of them."""
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pinned = lock.read()
        if not INSTALLED.exists() or INSTALLED.read_bytes() != pinned:
            command = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            code, output = asyncio.run(_ran(*command))
            assert code == 0, output
            INSTALLED.write_bytes(pinned)


async def _ran(program: str, *words: str) -> tuple[int | None, str]:
    """A program of this environment, run here to its end: its exit code, and what it said."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    process = await asyncio.create_subprocess_exec(
        PROGRAMS / program,
        *words,
        cwd=HERE,
        env={**os.environ, "PATH": path},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, output.decode()


def _signed_in(address: str, name: str) -> str:
    answer = _asked(address, SIGN_IN, {"input": {"name": name, "password": PASSWORD}})["signIn"]
    return str(answer["tokens"]["accessToken"])


def _asked(
    address: str, query: str, variables: dict[str, Any] | None = None, token: str | None = None
) -> dict[str, Any]:
    answer = httpx2.post(
        f"http://{address}/graphql",
        json={"query": query, "variables": variables or {}},
        headers={"authorization": f"Bearer {token}"} if token else {},
        timeout=10,
        trust_env=False,
    ).json()
    assert "errors" not in answer, answer
    return dict(answer["data"])
