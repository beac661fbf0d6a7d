"""Letters leave a running server by a real mail server, and name nobody but the operator's host."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.api.test_people import ADA, REGISTER, VERIFY
from tests.api.test_sessions import SIGN_IN
from tests.channels.mail_servers import Mailbox, mail_server
from tests.server.servers import Server, ran, serving

URL: Final = "https://pay.example"
MY_CONTACTS: Final = "{ me { contacts { id kind } } }"
PHRASE: Final = 'mutation { setPhrase(input: { phrase: "blue whale" }) { __typename } }'


@asynccontextmanager
async def posting(
    folder: Path, mailbox: Mailbox, **settings: str
) -> AsyncIterator[tuple[Server, httpx2.AsyncClient]]:
    """A server that sends its e-mails to the mailbox, and a client that lies about the host."""
    with ExitStack() as stack:
        server = await asyncio.to_thread(
            stack.enter_context,
            serving(
                folder,
                UPAY_MODE="test",
                UPAY_PUBLIC_URL=URL,
                UPAY_SMTP_URL=mailbox.url,
                UPAY_MAIL_FROM="uPay <letters@pay.example>",
                **settings,
            ),
        )
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{server.port}", trust_env=False, timeout=30
        ) as http:
            yield server, http


async def asked(http: httpx2.AsyncClient, query: str, token: str = "", **variables: Any) -> Any:
    answer = await http.post(
        "/graphql",
        json={"query": query, "variables": variables},
        headers={"host": "evil.example"} | ({"authorization": f"Bearer {token}"} if token else {}),
    )
    [value] = answer.json()["data"].values()
    return value


async def until(is_so: Any) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - other processes tell it no other way
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_letters_go_out_and_their_links_lead_to_the_operators_host(folder: Path) -> None:
    sms = folder / "sms"
    async with (
        mail_server() as mailbox,
        posting(folder, mailbox, UPAY_SMS_URL=f"file:{sms}") as (_, http),
    ):
        await asked(http, REGISTER, input=ADA)
        await until(lambda: mailbox.arrived and sms.exists())
        signed_in = await asked(http, SIGN_IN, name="ada", password=ADA["password"])
        token = signed_in["tokens"]["accessToken"]
        [code] = re.findall(r"\b\d{6}\b", mailbox.arrived[0].get_content())
        contacts = (await asked(http, MY_CONTACTS, token))["contacts"]
        [contact_id] = [each["id"] for each in contacts if each["kind"] == "EMAIL"]
        await asked(http, VERIFY, token, id=contact_id, code=code)
        await asked(http, PHRASE, token)
        await until(lambda: len(mailbox.arrived) == 2)
        tray = await http.get("/dev/mail")

    letter = mailbox.arrived[1]
    [line] = sms.read_text("utf-8").splitlines()
    assert letter["to"] == "ada@example.org"
    assert "Your phrase: blue whale" in letter.get_content()
    assert re.search(rf"^{URL}/links/[A-Za-z0-9_-]{{43}}\s*$", letter.get_content(), re.MULTILINE)
    assert "evil.example" not in letter.get_content()
    assert json.loads(line)["to"] == "+8613800000000"
    assert tray.status_code == 404


@pytest.mark.slow
async def test_a_server_with_mail_and_no_gateway_keeps_text_messages_in_its_tray(
    folder: Path,
) -> None:
    async with mail_server() as mailbox, posting(folder, mailbox) as (_, http):
        await asked(http, REGISTER, input=ADA)
        await until(lambda: mailbox.arrived)
        found: list[dict[str, str]] = []
        async with asyncio.timeout(30):
            while not found:
                answer = await http.get("/dev/mail", headers={"accept": "application/json"})
                found = answer.json()

    assert [each["to"] for each in found] == ["+8613800000000"]
    assert [each["to"] for each in mailbox.arrived] == ["ada@example.org"]


async def looked(folder: Path, **settings: str) -> str:
    """What the doctor says of letters."""
    said = await asyncio.to_thread(ran, folder, "doctor", UPAY_MODE="test", **settings)
    [line] = [line for line in said.stdout.splitlines() if " letters " in line]
    return " ".join(line.split())


@pytest.mark.slow
async def test_the_doctor_asks_the_mail_server_whether_it_would_take_letters(
    folder: Path,
) -> None:
    async with mail_server() as mailbox:
        settings = {"UPAY_SMTP_URL": mailbox.url, "UPAY_MAIL_FROM": "letters@pay.example"}
        well = await looked(folder, **settings)
    ill = await looked(folder, **settings)
    kept = await looked(folder)

    assert mailbox.arrived == []
    assert well == "ok letters the mail server lets uPay in; text messages are kept in the tray"
    assert ill.startswith("NOT OK letters The mail server does not let uPay in")
    assert ill.endswith("correct UPAY_SMTP_URL, or ask whoever runs it.")
    assert kept == "ok letters kept in the tray at /dev/mail"
