"""A day of a server that logs all it can; then whatever can be read is searched for secrets."""

from __future__ import annotations

import base64
import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import asyncpg
import httpx2
import pyotp
import pytest
import websockets.sync.client as sockets

from server import databases
from tests.api.test_passwords import COMPLETE, REQUEST
from tests.api.test_people import REGISTER, SET_PIN, VERIFY
from tests.api.test_second_factors import CONFIRM as CONFIRM_TOTP
from tests.api.test_second_factors import START
from tests.api.test_sessions import REFRESH, SIGN_IN
from tests.api.test_transfers import CONFIRM, PREPARE
from tests.server.secret_keeping import Secrets, collecting, command_lines, dumped, kept_in
from tests.server.servers import Server, processes_of, ran, serving, until
from tests.server.test_town import MINE, TOP_UP
from tests.services import free_port

pytestmark = pytest.mark.slow

PIN: Final = "918273"
WRONG_PIN: Final = "827364"
PASSWORDS: Final = {"ada": "right horse's 7 «battery»", "bob": "other horse 8 battery"}
WRONG_PASSWORD: Final = "not his horse 9 battery"
MY_CONTACTS: Final = "{ me { contacts { id kind } } }"
OPEN: Final = """mutation { openWallet(input: { currency: "CNY" }) {
  ... on WalletOpened { wallet { id } } } }"""
FOLLOW: Final = "subscription ($id: ID!) { walletEvents(walletId: $id) { __typename } }"

# What breaks when a column is not where the code looks for it, while secrets are on their way in.
MISPLACED: Final = (
    ("people", "password_hash"),
    ("session_tokens", "hash"),
    ("pins", "mac"),
    ("contact_codes", "wrong_tries"),
    ("totps", "sealed_secret"),
    ("recovery_codes", "mac"),
)


class Client:
    """Speaks to one server; keeps every answer that says that something went wrong."""

    def __init__(self, server: Server, secrets: Secrets) -> None:
        self.address = f"127.0.0.1:{server.port}"
        self._secrets = secrets
        self._http = httpx2.Client(base_url=f"http://{self.address}", trust_env=False, timeout=30)
        self.wrong: list[str] = []

    def ask(
        self, query: str, *, by: str | None = None, path: str = "/graphql", **variables: Any
    ) -> Any:
        """What the only root field answered; None when there is nothing but errors."""
        body = json.dumps({"query": query, "variables": variables})
        answer = self.post(body, by=by, path=path)
        return next(iter((answer.get("data") or {None: None}).values()))

    def post(self, body: str, *, by: str | None = None, path: str = "/graphql") -> Any:
        headers = {"content-type": "application/json", "connection": "close"}
        if by is not None:
            headers["authorization"] = f"Bearer {by}"
        answer = self._http.post(path, content=body, headers=headers)
        if "errors" in answer.text or '"code"' in answer.text or answer.status_code >= 400:
            self.wrong.append(f"{answer.headers} {answer.text}")
        return answer.json() if "json" in answer.headers["content-type"] else {}

    def sign_in(self, name: str, password: str, path: str = "/graphql", **more: str) -> str:
        """Signs in, renews the session at once, and returns the access token."""
        found = self.ask(SIGN_IN, path=path, name=name, password=password, **more)
        assert found["__typename"] == "SignedIn", found
        first = self._tokens(found)
        renewed = self.ask(REFRESH, path=path, token=first["refreshToken"])
        return self._tokens(renewed)["accessToken"]

    def _tokens(self, told: dict[str, Any]) -> dict[str, str]:
        tokens: dict[str, str] = told["tokens"]
        for name in ("accessToken", "refreshToken"):
            self._secrets.add(name, tokens[name])
        return tokens

    def send_form(self, token: str, **fields: str) -> None:
        """Looks at the page behind a link, and sends its form off."""
        page = f"/links/{token}"
        for answer in (self._http.get(page), self._http.post(page, data=fields)):
            self.wrong.append(f"{answer.headers} {answer.text}")

    def letter(self, to: str, words: str) -> str:
        """The newest letter to an address that says these words, once it is there."""

        def found() -> list[str]:
            return [letter for letter in self.letters(to) if words in letter]

        until(lambda: bool(found()))
        return found()[0]

    def letters(self, to: str) -> list[str]:
        found = self._http.get("/dev/mail", headers={"accept": "application/json"}).json()
        return [letter["text"] for letter in found if letter["to"] == to]


async def test_no_secret_is_in_logs_traces_metrics_error_answers_or_the_database(
    folder: Path,
) -> None:
    secrets, port = Secrets(), free_port()
    for name, value in {**PASSWORDS, "nobody": WRONG_PASSWORD}.items():
        secrets.add(f"the password of {name}", value)
    secrets.add("the PIN", PIN)
    secrets.add("a wrong PIN", WRONG_PIN)

    with collecting() as collector:
        with serving(
            folder,
            UPAY_MODE="test",
            UPAY_LOG_LEVEL="debug",
            UPAY_RATE_ADDRESS="1000000",
            UPAY_METRICS=f"127.0.0.1:{port}",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        ) as server:
            client = Client(server, secrets)
            kept_in(secrets, folder)
            ada, bob = _moved_in(client, secrets, "ada"), _moved_in(client, secrets, "bob")
            _guarded(client, secrets, bob)
            _at_the_desk(client, secrets, folder)
            wallet = _paid(client, ada, bob)
            _on_a_socket(client, ada, wallet)
            _misunderstood(client, ada)
            ada = _forgotten(client, secrets, "ada")
            await _broken(client, folder, ada)
            metrics = httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
            running = command_lines(processes_of(folder))
            database = await dumped(folder)
            server.signal(signal.SIGTERM)
            code = server.wait()
        places = {
            "the log": server.output,
            "PostgreSQL's log": (folder / "upay-data" / "postgres" / "log").read_text(),
            "the traces": collector.text,
            "the metrics": metrics,
            "the error answers": "\n".join(client.wrong),
            "the command lines": running,
            "the database": database,
        }

    assert code == 0
    assert len(secrets) > 25
    for name, least in {"the log": 20_000, "the traces": 5_000, "the database": 10_000}.items():
        assert len(places[name]) > least, name
    assert "INTERNAL" in places["the error answers"]
    assert "UndefinedColumnError" in places["the log"]
    assert secrets.found(places) == []


@pytest.mark.parametrize("spelling", ["plain", "hex", "base64", "quoted", "digits"])
def test_the_search_finds_a_secret_in_any_spelling(spelling: str) -> None:
    secrets = Secrets()
    word = secrets.add("a word", "horse's 7 «battery»/+")
    secrets.add("a PIN", PIN)
    written = {
        "plain": word,
        "hex": word.encode().hex(),
        "base64": base64.b64encode(word.encode()).decode(),
        "quoted": quote(word, safe=""),
        "digits": f'{{"pin":"{PIN}"}}',
    }

    assert secrets.found({"the log": f"line\n{written[spelling]} rest"})
    assert not secrets.found({"the log": f"a{PIN}1 0.{PIN} nothing"})


def _moved_in(client: Client, secrets: Secrets, name: str) -> str:
    """Registers, proves a contact after a wrong try, signs in after a wrong try, sets a PIN."""
    email, password = f"{name}@example.org", PASSWORDS[name]
    facts = {"accountName": name, "displayName": name.title(), "email": email, "password": password}
    registered = client.ask(REGISTER, input={**facts, "locale": "EN", "timeZone": "Asia/Shanghai"})
    assert registered["__typename"] == "Registered", registered
    client.ask(SIGN_IN, name=name, password=WRONG_PASSWORD)
    token = client.sign_in(name, password)
    until(lambda: bool(client.letters(email)))
    [code] = re.findall(r"\b\d{6}\b", client.letters(email)[0])
    secrets.add("a contact code", code)
    [contact] = client.ask(MY_CONTACTS, by=token)["contacts"]
    client.ask(VERIFY, by=token, id=contact["id"], code=WRONG_PIN)
    proved = client.ask(VERIFY, by=token, id=contact["id"], code=code)
    assert proved["__typename"] == "ContactVerified", proved
    assert client.ask(SET_PIN, by=token, pin=PIN)["__typename"] == "PinSaved"
    return token


def _guarded(client: Client, secrets: Secrets, bob: str) -> None:
    """Bob sets up an authenticator app, and signs in with a recovery code, after wrong ones."""
    secret = secrets.add("bob's second factor", client.ask(START, by=bob)["secret"])
    client.ask(CONFIRM_TOTP, by=bob, code=WRONG_PIN)
    first = secrets.add("bob's first code", pyotp.TOTP(secret).at(datetime.now(UTC)))
    codes = client.ask(CONFIRM_TOTP, by=bob, code=first)["recoveryCodes"]
    for code in codes:
        secrets.add("a recovery code", code)
        secrets.add("a recovery code without its dashes", code.replace("-", ""))
    client.ask(SIGN_IN, name="bob", password=PASSWORDS["bob"], code=f"{codes[0][:-1]}!")
    client.sign_in("bob", PASSWORDS["bob"], code=codes[0])


def _at_the_desk(client: Client, secrets: Secrets, folder: Path) -> None:
    """An agent is made on the command line, and signs in with a second factor."""
    made = ran(folder, "admin", "create", "lin", "--email", "lin@example.org", UPAY_MODE="test")
    found = re.search(r"password +(\S+)\n +second factor +([A-Z2-7]{32})", made.stdout)
    assert found, made.stdout + made.stderr
    password = secrets.add("the password of lin", found[1])
    secret = secrets.add("the secret of the second factor", found[2])
    code = secrets.add("a second factor", pyotp.TOTP(secret).at(datetime.now(UTC)))
    client.ask(SIGN_IN, path="/desk/graphql", name="lin", password=password, code=WRONG_PIN)
    token = client.sign_in("lin", password, "/desk/graphql", code=code)
    client.ask("{ agent { name } }", path="/desk/graphql", by=token)


def _paid(client: Client, ada: str, bob: str) -> str:
    """Money comes from the bank and goes to somebody, after a wrong PIN."""
    wallet = str(client.ask(OPEN, by=ada)["wallet"]["id"])
    assert client.ask(OPEN, by=bob)
    amount = {"amountMinor": 100_00, "currency": "CNY"}
    words = {"walletId": wallet, "amount": amount, "idempotencyKey": "top-up"}
    assert client.ask(TOP_UP, by=ada, input=words)["topUp"]
    until(lambda: "10000" in json.dumps(client.ask(MINE, by=ada)), seconds=60)
    words = {"walletId": wallet, "payee": {"accountName": "bob"}, "amount": amount}
    quoted = client.ask(PREPARE, by=ada, input=words)
    assert quoted["__typename"] == "TransferPrepared", quoted
    named = {"quoteId": quoted["quote"]["id"], "challengeId": quoted["challenge"]["id"]}
    outcomes = [
        client.ask(
            CONFIRM, by=ada, input={**named, "proof": {"pin": pin}, "idempotencyKey": "pay"}
        )["__typename"]
        for pin in (WRONG_PIN, PIN)
    ]
    assert outcomes == ["WrongPin", "TransferCompleted"]
    return wallet


def _forgotten(client: Client, secrets: Secrets, name: str) -> str:
    """A password is forgotten and becomes another, by a link and by a code, after wrong tries."""
    email = f"{name}@example.org"
    first = secrets.add("the password after a link", "third horse 9 battery")
    second = secrets.add("the password after a code", "fourth horse 10 battery")
    client.ask(REQUEST, contact=email, way="LINK")
    letter = client.letter(email, "has forgotten the password")
    [token] = re.findall(r"/links/([A-Za-z0-9_-]{43})", letter)
    secrets.add("the token of a link", token)
    client.send_form(token, password=first, again=WRONG_PASSWORD)
    client.send_form(token, password=first, again=first)
    client.sign_in(name, first)
    reset = client.ask(REQUEST, contact=email, way="CODE")["resetId"]
    [code] = re.findall(r"\b\d{6}\b", client.letter(email, "code to choose a new password"))
    secrets.add("a code for a password", code)
    for shown in (WRONG_PIN, code):
        client.ask(COMPLETE, proof={"code": {"resetId": reset, "code": shown}}, new=second)
    return client.sign_in(name, second)


def _on_a_socket(client: Client, token: str, wallet: str) -> None:
    """A token opens a socket, a broken one does not, and a message that is none ends it."""
    with _socket(client, f"Bearer {token}") as socket:
        assert json.loads(socket.recv())["type"] == "connection_ack"
        payload = {"query": FOLLOW, "variables": {"id": wallet}}
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        assert json.loads(socket.recv())["type"] == "next"
        document = f'{{ nothing(pin: "{PIN}", token: "{token}") }}'
        payload = {"query": document, "variables": {"pin": PIN}}
        socket.send(json.dumps({"id": "2", "type": "subscribe", "payload": payload}))
        assert json.loads(socket.recv())["type"] in {"error", "next"}
        socket.send(f'{{"type": "{PIN}", "token": "{token}"')
    with _socket(client, f"Bearer {token[:-1]}"), _socket(client, {"bearer": token}):
        pass


@contextmanager
def _socket(client: Client, shown: object) -> Iterator[sockets.ClientConnection]:
    address = f"ws://{client.address}/graphql"
    with sockets.connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as socket:  # type: ignore[list-item]
        init = {"type": "connection_init", "payload": {"authorization": shown}}
        socket.send(json.dumps(init))
        yield socket


def _misunderstood(client: Client, token: str) -> None:
    """Secrets in documents, variables and bodies that uPay cannot make sense of."""
    password = PASSWORDS["ada"].replace('"', "")
    said = f'password: "{password}", pin: "{PIN}", token: "{token}"'
    for document in (
        f"mutation {{ signIn(input: {{ {said} }}) {{ __typename }} }}",
        f'mutation {{ signIn(input: {{ name: "ada", {said}',
        f"query ($pin: Int = {PIN}) {{ me(pin: $pin) {{ id }} }}",
        f'{{ node(id: "{token}") {{ id }} }}',
    ):
        client.ask(document, by=token)
    for words in (
        {"input": {"name": "ada", "password": [password], "pin": PIN}},
        {"input": {"name": "ada", "token": token}},
        {"input": password},
        {"id": token, "pin": {"pin": PIN}, "code": [token]},
    ):
        for document in (
            "mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }",
            SET_PIN,
            CONFIRM,
        ):
            client.ask(document, by=token, **words)
    for body in (
        f'{{"query": "{token}"',
        json.dumps({"query": "{ me { id } }", "operationName": token}),
        json.dumps({"query": "{ me { id } }", "variables": f"{PIN} {token}"}),
        json.dumps([{"query": password}]),
    ):
        client.post(body, by=token)
    client.post(json.dumps({"query": "{ me { id } }"}), by=f"{token} {token}")


async def _broken(client: Client, folder: Path, token: str) -> None:
    """Secrets on their way into tables that are not as they should be, and into lost wires."""
    owner = await asyncpg.connect(databases.joined(folder / "upay-data").owner)
    for table, column in MISPLACED:
        columns = "SELECT 1 FROM information_schema.columns WHERE table_name=$1 AND column_name=$2"
        assert await owner.fetchval(columns, table, column), (table, column)
        await owner.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO elsewhere")
        _everything_secret(client, token)
        await owner.execute(f"ALTER TABLE {table} RENAME COLUMN elsewhere TO {column}")
    await owner.close()
    application = await asyncpg.connect(databases.joined(folder / "upay-data").application)
    await application.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = current_user AND pid <> pg_backend_pid()"
    )
    await application.close()
    _everything_secret(client, token)


def _everything_secret(client: Client, token: str) -> None:
    client.ask(SIGN_IN, name="ada", password=PASSWORDS["ada"])
    client.ask(SIGN_IN, path="/desk/graphql", name="lin", password=WRONG_PASSWORD, code=WRONG_PIN)
    client.ask(REFRESH, token=f"{token}x")
    client.ask(MY_CONTACTS, by=f"{token[:-1]}x")
    client.ask(SET_PIN, by=token, pin=PIN)
    client.ask(VERIFY, by=token, id="con_" + "0" * 32, code=PIN)
