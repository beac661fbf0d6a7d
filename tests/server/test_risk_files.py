"""The files of risk: read once and whole, or refused before anything is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest

from server import risk_files
from server.doctor import examine
from server.refusals import Refused
from server.settings import Settings
from tests.server.servers import Server, ran, serving

DECLINE_ALL = """
[[rule]]
name = "nobody-new"
kind = "new_payee"
above = { CNY = 0 }
outcome = "decline"
"""
SIGN_IN = """mutation { signIn(input: { name: "ada", password: "small-town-2026" }) {
    ... on SignedIn { tokens { accessToken } } } }"""
WALLET = "{ me { wallets { id currency } } }"
PREPARE = """mutation ($wallet: ID!) { prepareTransfer(input: { walletId: $wallet,
    payee: { accountName: "bob" }, amount: { amountMinor: 100, currency: "CNY" } }) {
    __typename ... on Problem { code } } }"""
RULE = '[[rule]]\nname = "far"\nkind = "new_place"\ndays = 9\nabove = { CNY = 1 }\nask = true\n'


def settings(
    tmp_path: Path, *, risk: str | bytes | None = None, places: str | None = None
) -> Settings:
    """Settings that name these files."""
    environ = {"UPAY_DATA": str(tmp_path / "data")}
    for name, words in (("UPAY_RISK_FILE", risk), ("UPAY_PLACES", places)):
        if words is not None:
            file = tmp_path / name
            file.write_bytes(words.encode() if isinstance(words, str) else words)
            environ[name] = str(file)
    return Settings.read(environ)


def test_without_a_file_the_rules_that_come_with_upay_judge(tmp_path: Path) -> None:
    read = risk_files.read(settings(tmp_path))

    assert len(read.policy.rules) == 8
    assert read.places.of("203.0.113.1") is None
    assert "without UPAY_PLACES never hits: payment-from-a-new-place" in risk_files.said(read)


def test_an_operators_own_files_judge_instead(tmp_path: Path) -> None:
    read = risk_files.read(settings(tmp_path, risk=RULE, places="203.0.113.0/24,CN\n"))

    assert [rule.name for rule in read.policy.rules] == ["far"]
    assert read.places.of("203.0.113.1") == "CN"
    assert risk_files.said(read) == f"1 in force, as {read.policy.digest}"


def test_a_file_without_rules_is_none_of_them(tmp_path: Path) -> None:
    read = risk_files.read(settings(tmp_path, risk="# none\n"))

    assert read.policy.rules == ()


@pytest.mark.parametrize(
    ("risk", "places", "sentence"),
    [
        ("rule", None, "are wrong: it is not TOML"),
        (RULE + "days = 0", None, "are wrong: it is not TOML"),
        (RULE.replace("9", "0"), None, "days of the rule 'far' must be a whole number"),
        (b"\xff", None, "cannot be read: they are not UTF-8"),
        ("#" * (risk_files.MAX_BYTES + 1), None, "it is longer than 262144 bytes"),
        (RULE, "nowhere", "'nowhere' must be network,place"),
    ],
)
def test_files_that_are_unclear_are_refused_with_what_is_wrong(
    tmp_path: Path, risk: str | bytes, places: str | None, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        risk_files.read(settings(tmp_path, risk=risk, places=places))

    assert sentence in str(refused.value)


@pytest.mark.parametrize("name", ["UPAY_RISK_FILE", "UPAY_PLACES"])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        risk_files.read(Settings.read({name: str(tmp_path / "missing")}))


def test_the_doctor_says_which_rules_see_nothing(tmp_path: Path) -> None:
    environ = {"UPAY_DATA": str(tmp_path / "missing")}

    [found] = [each for each in examine(environ) if each.subject == "risk"]

    assert found.is_right
    assert "without UPAY_PLACES" in found.sentence


@pytest.mark.slow
def test_a_server_judges_by_the_file_that_it_was_started_with(town: Path) -> None:
    file = town / "risk.toml"
    file.write_text(DECLINE_ALL)

    with serving(town, UPAY_RISK_FILE=str(file)) as server:
        file.write_text("# nothing any more")
        token = asked(server, None, SIGN_IN)["signIn"]["tokens"]["accessToken"]
        wallets = asked(server, token, WALLET)["me"]["wallets"]
        [wallet] = [each["id"] for each in wallets if each["currency"] == "CNY"]
        answer = asked(server, token, PREPARE, wallet=wallet)

    assert answer == {"prepareTransfer": {"__typename": "PaymentDeclined", "code": "RISK_DECLINED"}}


@pytest.mark.slow
def test_a_server_does_not_start_with_rules_that_are_unclear(folder: Path) -> None:
    file = folder / "risk.toml"
    file.write_text("[[rule]]")

    said = ran(folder, "serve", UPAY_PORT="0", UPAY_RISK_FILE=str(file))

    assert said.returncode != 0
    assert "are wrong: name of rule 1 must be" in said.stderr + said.stdout


def asked(server: Server, token: str | None, document: str, **variables: str) -> Any:
    """What a running server answers."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    answer = httpx2.post(
        f"http://127.0.0.1:{server.port}/graphql",
        json={"query": document, "variables": variables},
        headers=headers,
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]
