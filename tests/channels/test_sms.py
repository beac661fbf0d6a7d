"""Text messages: printed, kept in a file, or signed and handed to a gateway."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from channels.couriers import (
    Console,
    File,
    Gateway,
    Letter,
    NotCarried,
    Post,
    Tray,
    Undeliverable,
    letters,
)
from models.ids import new_id
from tests.wires import far_end, json_answer, saying

SECRET: Final = "hush"
LETTER: Final = Letter(
    new_id(), "+8613800138000", "phone", "验证码", "【uPay】验证码 123456。\n谢谢"
)
WORDS: Final = {"to": LETTER.to, "text": LETTER.text, "id": str(LETTER.id)}


async def test_a_developer_reads_a_text_message_in_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await Console().send(LETTER)

    assert capsys.readouterr().out == f"SMS to +8613800138000: {LETTER.text}\n"


async def test_a_file_has_a_line_for_each_message_and_only_its_owner_reads_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sms"
    others = [replace(LETTER, id=new_id()) for _ in range(20)]

    await asyncio.gather(*(File(path).send(each) for each in [LETTER, *others]))

    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert sorted(line["id"] for line in lines) == sorted(
        str(each.id) for each in [LETTER, *others]
    )
    assert WORDS in lines
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sms").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotCarried):
        await File(tmp_path / "sms").send(LETTER)

    assert not (tmp_path / "elsewhere").exists()


async def test_a_gateway_gets_the_message_signed() -> None:
    async with far_end() as end, Gateway(f"{end.url}/send", secret=SECRET) as gateway:
        await gateway.send(LETTER)

        [request] = await end.heard("id")
    signature = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.line.startswith("POST /send ")
    assert json.loads(request.body) == WORDS
    assert request.headers["upay-signature"] == signature
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "status", ["500 Broken", "503 Busy", "429 Slowly", "401 Who", "404 Nowhere", "302 Found"]
)
async def test_a_gateway_that_does_not_accept_is_asked_again_later(status: str) -> None:
    answer = json_answer("{}", status=f"{status}\r\nLocation: http://127.0.0.1:9/")
    async with far_end(saying(answer)) as end, Gateway(end.url, secret=SECRET) as gateway:
        with pytest.raises(NotCarried):
            await gateway.send(LETTER)

        assert len(await end.heard("id")) == 1


async def test_a_number_that_the_gateway_will_never_reach_is_given_up() -> None:
    answer = json_answer("{}", status="422 No")
    async with far_end(saying(answer)) as end, Gateway(end.url, secret=SECRET) as gateway:
        with pytest.raises(Undeliverable):
            await gateway.send(LETTER)


async def test_a_gateway_that_never_stops_talking_is_not_listened_to() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000
    async with far_end(saying(endless)) as end, Gateway(end.url, secret=SECRET) as gateway:
        await gateway.send(LETTER)


async def test_a_gateway_that_is_not_there_is_asked_again_later() -> None:
    async with far_end() as end:
        pass
    async with Gateway(end.url, secret=SECRET) as gateway:
        with pytest.raises(NotCarried) as why:
            await gateway.send(LETTER)

    assert why.value.__cause__ is None


async def test_each_kind_of_letter_goes_its_own_way(tmp_path: Path) -> None:
    mail = replace(LETTER, to="ada@example.com", kind="email")
    post = Post({"email": Tray(tmp_path / "mail"), "phone": Tray(tmp_path / "sms")})

    await post.send(mail)
    await post.send(LETTER)

    assert letters(tmp_path / "mail") == [mail]
    assert letters(tmp_path / "sms") == [LETTER]


async def test_a_letter_that_nobody_carries_can_never_arrive(tmp_path: Path) -> None:
    with pytest.raises(Undeliverable):
        await Post({"email": Tray(tmp_path)}).send(LETTER)

    assert letters(tmp_path) == []
