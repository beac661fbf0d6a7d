"""The explorer's addresses, as a browser and as a stranger ask for them."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import httpx2
import pytest

from server.app import Front, application
from server.explorer import Explorer, assets
from server.settings import Mode
from server.town import PASSWORD, PIN
from tests.moments import Clock

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
KILOBYTES = 120


def visitor(mode: Mode, host: str = "upay.test") -> httpx2.AsyncClient:
    front = Front(clock=Clock(), livemode=mode is Mode.LIVE, explorer=Explorer(mode))
    transport = httpx2.ASGITransport(app=application(front))
    return httpx2.AsyncClient(transport=transport, base_url=f"http://{host}", headers=BROWSER)


def told(page: str) -> dict[str, Any]:
    """What the page knows of its server."""
    found = re.search(r'<meta name="upay" content="([^"]*)">', page)
    assert found
    knows: dict[str, Any] = json.loads(unescape(found[1]))
    return knows


async def test_a_browser_is_shown_a_page_that_may_only_use_what_is_ours() -> None:
    async with visitor(Mode.DEMO) as browser:
        answer = await browser.get("/graphql")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self' ws://upay.test wss://upay.test; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


async def test_a_host_that_is_none_gets_no_say_in_the_policy() -> None:
    async with visitor(Mode.DEMO) as browser:
        answer = await browser.get("/graphql", headers={"host": "x; script-src *"})

    assert "connect-src 'self'; base-uri" in answer.headers["content-security-policy"]


async def test_the_page_has_nothing_inline_and_names_no_other_host() -> None:
    async with visitor(Mode.DEMO) as browser:
        page = (await browser.get("/graphql")).text
    names = re.findall(r'(?:src|href)="([^"]*)"', page)

    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page) == []
    assert [name for name in names if not name.startswith(("/explorer/", "#"))] == []


async def test_only_a_demo_tells_who_may_be_signed_in_with_one_click() -> None:
    async with visitor(Mode.DEMO) as browser:
        demo = (await browser.get("/graphql")).text
    async with visitor(Mode.TEST) as browser:
        sandbox = (await browser.get("/graphql")).text

    assert [person["name"] for person in told(demo)["people"]] == ["ada", "bob", "mei"]
    assert told(demo)["password"] == PASSWORD
    assert told(sandbox) == {"mode": "test", "people": []}
    assert PASSWORD not in sandbox
    assert PIN not in sandbox


async def test_a_live_server_has_no_explorer() -> None:
    async with visitor(Mode.LIVE) as browser:
        page = await browser.get("/graphql")
        script = await browser.get("/explorer/main.js")

    assert (page.status_code, script.status_code) == (404, 404)
    assert PASSWORD not in page.text


@pytest.mark.parametrize("path", ["/graphql", "/explorer/main.js"])
async def test_asking_for_the_head_gives_the_head(path: str) -> None:
    async with visitor(Mode.DEMO) as browser:
        whole = await browser.get(path)
        head = await browser.head(path)

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))


async def test_each_file_says_what_it_is_and_is_sent_again_only_when_it_changed() -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    async with visitor(Mode.TEST) as browser:
        for name in sorted(assets.all_of_them().keys() - {"index.html"}):
            first = await browser.get(f"/explorer/{name}")
            again = await browser.get(
                f"/explorer/{name}", headers={"if-none-match": first.headers["etag"]}
            )

            assert first.status_code == 200
            assert first.headers["content-type"].startswith(kinds[name[name.rindex(".") :]])
            assert first.headers["cache-control"] == "no-cache"
            assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["index.html", "../pages.py", "..%2Fpages.py", "%2e%2e/pages.py", "none.js", ""]
)
async def test_no_path_leads_out_of_the_explorers_files(path: str) -> None:
    async with visitor(Mode.DEMO) as browser:
        answer = await browser.get(f"/explorer/{path}")

    assert answer.status_code == 404


async def test_programs_still_get_the_api() -> None:
    async with visitor(Mode.DEMO) as browser:
        answer = await browser.get("/graphql", headers={"accept": "application/json"})

    assert answer.status_code == 405


def test_every_script_imports_only_its_neighbours_and_makes_no_code_from_text() -> None:
    scripts = {
        name: asset.content.decode()
        for name, asset in assets.all_of_them().items()
        if name.endswith(".js")
    }
    imported = {
        name for text in scripts.values() for name in re.findall(r'from "\./([^"]+)"', text)
    }
    forbidden = r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|https?://"

    assert imported <= scripts.keys()
    assert scripts.keys() - imported == {"main.js"}
    assert [name for name, text in scripts.items() if re.search(forbidden, text)] == []
    assert [name for name, text in scripts.items() if "localStorage" in text] == []


def test_all_of_it_is_small() -> None:
    assert sum(len(asset.content) for asset in assets.all_of_them().values()) < KILOBYTES * 1000
