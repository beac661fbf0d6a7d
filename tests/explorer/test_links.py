"""A forgotten password, from asking to signing in, as somebody with a browser meets it."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx2
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.explorer.conftest import VIOLATIONS
from tests.server.servers import Server

pytestmark = pytest.mark.slow

ANOTHER: Final = "a kettle that sings 7 times"
NARROW: Final[Any] = {"width": 320, "height": 640}
REQUEST: Final = """mutation ($contact: String!) {
    requestPasswordReset(input: { contact: $contact }) { __typename } }"""
SIGN_IN: Final = """mutation ($name: String!, $password: String!) {
    signIn(input: { name: $name, password: $password }) { __typename } }"""


async def asked(demo: Server, document: str, path: str = "/graphql", **variables: str) -> str:
    """What the only root field became, by its type."""
    async with httpx2.AsyncClient(base_url=f"http://localhost:{demo.port}") as http:
        answer = await http.post(path, json={"query": document, "variables": variables})
    [value] = answer.json()["data"].values()
    name: str = value["__typename"]
    return name


async def letter(context: BrowserContext, demo: Server, to: str) -> Page:
    """The page behind the link in the newest letter to somebody, clicked in the tray."""
    page = await context.new_page()
    await page.add_init_script(VIOLATIONS)
    newest = page.get_by_role("article").filter(has_text=to).first
    link = newest.get_by_role("link", name="/links/")
    async with asyncio.timeout(30):
        while not await link.count():
            await page.goto(f"http://localhost:{demo.port}/dev/mail")
    await link.click()
    return page


async def test_a_forgotten_password_becomes_another_by_a_letter(
    context: BrowserContext, demo: Server
) -> None:
    complaints = list[str]()
    await asked(demo, REQUEST, contact="mei@town.example")
    page = await letter(context, demo, "mei@town.example")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.set_viewport_size(NARROW)

    await expect(page.get_by_role("heading", name="设置新密码")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    await page.get_by_label("新密码", exact=True).fill(ANOTHER)
    await page.get_by_label("再次输入新密码").fill(ANOTHER)
    await page.get_by_role("button", name="保存新密码").click()

    await expect(page.get_by_role("heading", name="密码已重置")).to_be_visible()
    assert await page.evaluate("violations") == []
    assert complaints == []
    signed = await asked(demo, SIGN_IN, name="mei", password=ANOTHER)
    assert signed == "SignedIn"
    await page.reload()
    await expect(page.get_by_role("heading", name="This link is no longer valid")).to_be_visible()


async def test_two_different_passwords_are_asked_for_again_and_an_agent_keeps_their_app(
    context: BrowserContext, demo: Server
) -> None:
    await asked(demo, REQUEST, "/desk/graphql", contact="wei@town.example")
    page = await letter(context, demo, "wei@town.example")

    await page.get_by_label("New password").fill(ANOTHER)
    await page.get_by_label("The same again").fill("something else")
    await page.get_by_role("button", name="Save the new password").click()
    await expect(page.get_by_role("alert")).to_contain_text("The two are not the same.")
    await page.get_by_label("New password").fill(ANOTHER)
    await page.get_by_label("The same again").fill(ANOTHER)
    await page.get_by_role("button", name="Save the new password").click()

    await expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    signed = await asked(demo, SIGN_IN, "/desk/graphql", name="wei", password=ANOTHER)
    assert signed == "SecondFactorRequired"
