"""The demo's town, as somebody meets it who has just started uPay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pyotp
import pytest

from server.town import PASSWORD
from tests.server.servers import Server, serving, until

pytestmark = pytest.mark.slow

SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { person { accountName } tokens { accessToken } }
  ... on Problem { code } } }"""
MINE = "{ me { wallets { id currency balance { available { amountMinor } } } } }"
TOP_UP = """mutation ($input: TopUpInput!) { topUp(input: $input) {
  ... on TopUpStarted { topUp { id } } ... on Problem { code } } }"""


@pytest.fixture
def server(town: Path) -> Iterator[Server]:
    with serving(town) as server:
        yield server


def test_ada_signs_in_and_money_comes_through_the_simulated_bank(server: Server) -> None:
    token = _signed_in(server, "/graphql", name="ada", password=PASSWORD)
    cny = _wallet(server, token)
    amount = {"amountMinor": 100_00, "currency": "CNY"}
    words = {"walletId": cny["id"], "amount": amount, "idempotencyKey": "first"}

    started = _asked(server, "/graphql", TOP_UP, {"input": words}, token)
    until(lambda: _available(_wallet(server, token)) != _available(cny), seconds=30)

    assert "topUp" in started["topUp"], started
    assert _available(cny) == 1_000_000
    assert _available(_wallet(server, token)) == 1_010_000


def test_lin_signs_in_at_the_desk_with_the_second_factor_that_was_told(
    server: Server, town: Path
) -> None:
    told = (town / "upay-data" / "demo-people.txt").read_text()
    found = re.search(r"lin +agent +second factor ([A-Z2-7]{32})\n", told)
    assert found
    code = pyotp.TOTP(found[1]).at(datetime.now(UTC))

    token = _signed_in(server, "/desk/graphql", name="lin", password=PASSWORD, code=code)

    assert token


def test_meis_tea_house_answers_to_the_key_that_was_told(server: Server, town: Path) -> None:
    told = (town / "upay-data" / "demo-people.txt").read_text()
    found = re.search(r"mei owns the merchant 茶馆, number (\d{10}).*\n +(upk_test_\S{43})\n", told)
    assert found

    answer = _asked(server, "/graphql", "{ merchant { number name status } }", {}, found[2])

    assert answer["merchant"] == {"number": found[1], "name": "茶馆", "status": "ACCEPTING"}


def _signed_in(server: Server, path: str, **words: str) -> str:
    answer = _asked(server, path, SIGN_IN, {"input": words})["signIn"]
    assert answer.get("person", {}).get("accountName") == words["name"], answer
    return str(answer["tokens"]["accessToken"])


def _wallet(server: Server, token: str) -> dict[str, Any]:
    wallets = _asked(server, "/graphql", MINE, {}, token)["me"]["wallets"]
    return next(dict(wallet) for wallet in wallets if wallet["currency"] == "CNY")


def _available(wallet: dict[str, Any]) -> int:
    return int(wallet["balance"]["available"]["amountMinor"])


def _asked(
    server: Server, path: str, query: str, variables: dict[str, Any], token: str | None = None
) -> dict[str, Any]:
    answer = httpx2.post(
        f"http://127.0.0.1:{server.port}{path}",
        json={"query": query, "variables": variables},
        headers={"authorization": f"Bearer {token}"} if token else {},
        timeout=10,
        trust_env=False,
    )
    words = answer.json()
    assert "errors" not in words, words
    return dict(words["data"])
