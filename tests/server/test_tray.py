"""The tray shows letters as text, and leads nowhere but to the server it belongs to."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

import httpx2
from starlette.applications import Starlette

from channels.couriers import Letter, Tray
from models.ids import new_id
from server import tray

URL: Final = "https://pay.example"


def written(text: str, subject: str = "uPay: x", to: str = "ada@example.org") -> Letter:
    return Letter(new_id(), to, "email", subject, text)


async def shown(folder: Path, path: str = "/dev/mail", **headers: str) -> httpx2.Response:
    app = Starlette(routes=tray.routes(folder, URL))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://upay.test"
    ) as http:
        return await http.get(path, headers=headers)


async def test_only_links_to_this_server_can_be_followed(tmp_path: Path) -> None:
    text = (
        f"Ours: {URL}/links/abc-_9 and {URL}/links/x?y=1.\n"
        "Theirs: https://evil.example/links/abc https://pay.example.evil.example/links/abc\n"
        "javascript:alert(1)"
    )
    await Tray(tmp_path).send(written(text))

    page = (await shown(tmp_path)).text

    links = re.findall(r'<a href="([^"]*)"', page)
    assert links == [f"{URL}/links/abc-_9", f"{URL}/links/x"]
    assert "https://evil.example/links/abc" in page


async def test_a_letter_is_text_whatever_is_written_in_it(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>\" ' &amp; </pre>"
    await Tray(tmp_path).send(written(nasty, subject=nasty, to=nasty))

    answer = await shown(tmp_path)

    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")


async def test_letters_are_shown_newest_first_and_the_oldest_of_many_not_at_all(
    tmp_path: Path,
) -> None:
    kept = Tray(tmp_path)
    await asyncio.gather(*(kept.send(written(f"old {n}")) for n in range(tray.SHOWN_AT_MOST)))
    await kept.send(written("the newest"))

    found = (await shown(tmp_path, accept="application/json")).json()

    assert len(found) == tray.SHOWN_AT_MOST
    assert found[0]["text"] == "the newest"


async def test_an_empty_tray_says_so_and_its_style_comes_from_a_file(tmp_path: Path) -> None:
    page = await shown(tmp_path / "none")
    style = await shown(tmp_path, tray.STYLE_PATH)

    assert "There is no letter yet." in page.text
    assert f'href="{tray.STYLE_PATH}"' in page.text
    assert style.headers["content-type"].startswith("text/css")
