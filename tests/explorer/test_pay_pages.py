"""What a merchant wants to be paid, as somebody with a browser meets it."""

from __future__ import annotations

import re
from typing import Any, Final

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.explorer.conftest import VIOLATIONS
from tests.server.servers import Server

pytestmark = pytest.mark.slow

NARROW: Final[Any] = {"width": 320, "height": 760}
ORDER: Final = """mutation { createOrder(input: { amount: { amountMinor: 3800, currency: "CNY" },
    reference: "table-7", description: "龙井两杯" }) {
    ... on OrderCreated { order { id number code { link } } } } }"""
CLOSE: Final = """mutation ($id: ID!) { closeOrder(input: { orderId: $id }) { __typename } }"""


def key_of(demo: Server) -> str:
    """The key of the demo's tea house, as whoever started it was told."""
    found = re.search(r"upk_test_\S+", demo.output)
    assert found, demo.output
    return found[0]


async def asked(demo: Server, document: str, **variables: str) -> dict[str, Any]:
    """What the only root field answers to the tea house's program."""
    headers = {"authorization": f"Bearer {key_of(demo)}"}
    async with httpx2.AsyncClient(base_url=f"http://localhost:{demo.port}") as http:
        said = {"query": document, "variables": variables}
        answer = (await http.post("/graphql", json=said, headers=headers)).json()
    [value] = answer["data"].values()
    found: dict[str, Any] = value
    return found


async def opened(context: BrowserContext, link: str) -> tuple[Page, list[str]]:
    complaints = list[str]()
    page = await context.new_page()
    await page.add_init_script(VIOLATIONS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(link)
    return page, complaints


async def test_an_order_is_shown_on_a_small_screen_until_it_is_closed(
    browser: Browser, demo: Server
) -> None:
    context = await browser.new_context(viewport=NARROW, locale="zh-CN")
    order = (await asked(demo, ORDER))["order"]

    page, complaints = await opened(context, order["code"]["link"])
    await expect(page.get_by_role("heading", name=re.compile("付款 ¥38.00"))).to_be_visible()
    await expect(page.get_by_text("龙井两杯")).to_be_visible()
    picture = page.get_by_role("img", name="uPay 付款二维码")
    await expect(picture).to_be_visible()
    await expect(page.get_by_role("link", name="在 uPay 中打开")).to_have_attribute(
        "href", f"upay://p/{order['number']}"
    )
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert await page.evaluate("violations") == []
    assert complaints == []

    await asked(demo, CLOSE, id=order["id"])
    await page.reload()

    await expect(page.get_by_text("该订单已关闭")).to_be_visible()
    await expect(picture).to_have_count(0)
    await context.close()
