"""The examples' addresses, as a browser asks for them."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import httpx2
import pytest

from server import examples
from server.app import Front, application
from server.settings import Mode
from server.town import PASSWORD
from tests.moments import Clock


def visitor(mode: Mode) -> httpx2.AsyncClient:
    front = Front(clock=Clock(), livemode=mode is Mode.LIVE, examples=examples.routes(mode))
    transport = httpx2.ASGITransport(app=application(front))
    return httpx2.AsyncClient(transport=transport, base_url="http://upay.test")


def told(page: str) -> Any:
    """What the page knows of its server."""
    found = re.search(r'<meta name="upay" content="([^"]*)">', page)
    assert found
    return json.loads(unescape(found[1]))


async def test_the_page_may_only_use_what_is_ours_and_has_nothing_inline() -> None:
    async with visitor(Mode.DEMO) as browser:
        answer = await browser.get("/examples/passkeys")
    names = re.findall(r'(?:src|href)="([^"]*)"', answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", answer.text) == []
    assert all(name.startswith(("/examples/", "/explorer/", "/graphql")) for name in names)


async def test_only_a_demo_tells_a_password() -> None:
    async with visitor(Mode.DEMO) as browser:
        demo = (await browser.get("/examples/passkeys")).text
    async with visitor(Mode.TEST) as browser:
        sandbox = (await browser.get("/examples/passkeys")).text

    assert told(demo) == {"name": "ada", "password": PASSWORD}
    assert told(sandbox) == {}
    assert PASSWORD not in sandbox


async def test_its_files_are_asked_for_again_only_when_they_changed() -> None:
    async with visitor(Mode.TEST) as browser:
        first = await browser.get("/examples/ceremonies.js")
        again = await browser.get(
            "/examples/ceremonies.js", headers={"if-none-match": first.headers["etag"]}
        )

    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name", ["passkeys.html", "nothing.js", "..%2fpages.py", "%2e%2e/pages.py", "pages.py"]
)
async def test_no_other_file_is_given_out(name: str) -> None:
    async with visitor(Mode.DEMO) as browser:
        assert (await browser.get(f"/examples/{name}")).status_code == 404


async def test_a_live_server_has_no_examples() -> None:
    async with visitor(Mode.LIVE) as browser:
        for name in ("passkeys", "page.js", "ceremonies.js"):
            assert (await browser.get(f"/examples/{name}")).status_code == 404
