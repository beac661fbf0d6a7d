"""The pages that show what a merchant wants to be paid: seen by anybody, and nothing is done."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from domain import merchant_codes, orders
from models.merchant_codes import MerchantCode
from models.merchants import Merchant, MerchantStatus
from models.orders import Order, OrderStatus
from server.app import Front, application
from server.rates import Rates
from tests import factories
from tests.api.clients import roomy
from tests.domain import shopping
from tests.moments import NOON, Clock
from tests.server.test_link_pages import Browser, title, visitor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(database: object, clock: Clock) -> AsyncIterator[Starlette]:
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    async with visitor(app) as browser:
        yield browser


async def asked(**changes: Any) -> Order:
    return await factories.order(await shopping.shop(), 12_34, **changes)


async def hung(shop: Merchant, till: str = "") -> MerchantCode:
    return await merchant_codes.create(
        merchant_id=shop.id, currency="CNY", store="", till=till, now=NOON
    )


def pictures(page: httpx2.Response) -> int:
    return page.text.count("<svg ")


async def test_an_orders_page_shows_who_wants_how_much_for_what_and_the_code(
    browser: Browser,
) -> None:
    order = await asked()

    page = await browser.get(f"/p/{order.number}")

    assert (page.status_code, title(page)) == (200, "CN¥12.34 to Tea House")
    assert "Tea for two" in page.text
    assert f'href="upay://p/{order.number}"' in page.text
    assert pictures(page) == 1
    assert "no real money" in page.text


async def test_the_page_speaks_the_readers_language(browser: Browser) -> None:
    order = await asked()

    page = await browser.get(f"/p/{order.number}", headers={"accept-language": "zh-CN"})

    assert title(page) == "向Tea House付款 ¥12.34"
    assert '<html lang="zh-CN">' in page.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": OrderStatus.CLOSED, "closed_at": NOON}, "is closed"),
        ({"expires_at": NOON}, "has expired"),
    ],
)
async def test_an_order_that_cannot_be_paid_says_so_and_shows_no_code(
    browser: Browser, change: dict[str, Any], said: str
) -> None:
    order = await asked(**change)

    page = await browser.get(f"/p/{order.number}")

    assert (page.status_code, pictures(page)) == (200, 0)
    assert said in page.text
    assert "upay://" not in page.text


async def test_a_paid_order_says_that_it_is_paid_and_not_by_whom(browser: Browser) -> None:
    order = await asked()
    ada = await shopping.customer("adalove")
    await ada.pays(order)

    page = await browser.get(f"/p/{order.number}")

    assert "This order is paid." in page.text
    assert pictures(page) == 0
    assert "ada" not in page.text.lower()


async def test_a_merchant_that_is_paused_asks_for_nothing(browser: Browser) -> None:
    order = await asked()
    shop = await Merchant.get(id=order.merchant_id)
    code = await hung(shop)
    await Merchant.filter(id=shop.id).update(status=MerchantStatus.PAUSED)

    for path in (f"/p/{order.number}", f"/p/m/{code.token}"):
        page = await browser.get(path)
        assert "takes no payments at present" in page.text
        assert pictures(page) == 0


async def test_a_lasting_codes_page_shows_its_merchant_and_where_it_hangs(
    browser: Browser,
) -> None:
    shop = await shopping.shop("茶馆")
    code = await hung(shop, "3号台")

    page = await browser.get(f"/p/m/{code.token}", headers={"accept-language": "zh"})

    assert (page.status_code, title(page)) == (200, "向茶馆付款")
    assert "3号台" in page.text
    assert f'href="upay://p/m/{code.token}"' in page.text
    assert pictures(page) == 1


async def test_a_code_that_was_replaced_leads_nowhere(browser: Browser) -> None:
    shop = await shopping.shop()
    code = await hung(shop)
    await merchant_codes.replace(code.id, merchant_id=shop.id, now=NOON)

    assert (await browser.get(f"/p/m/{code.token}")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/p/4000001234567890",
        "/p/x",
        f"/p/{'9' * 6_000}",
        "/p/%00",
        "/p/%F0%9F%98%80",
        "/p/m/AAAAAAAAAAAAAAAA",
        "/p/m/%00",
        f"/p/m/{'A' * 6_000}",
        "/p/m/<b>",
    ],
)
async def test_what_is_unknown_is_a_page_that_says_so(browser: Browser, path: str) -> None:
    await asked()

    page = await browser.get(path)

    assert (page.status_code, title(page)) == (404, "There is nothing to pay here")
    assert path.rsplit("/", 1)[1] not in page.text or path == "/p/x"


async def test_a_page_runs_nothing_and_is_told_to_nobody(browser: Browser) -> None:
    order = await asked(description='<script>alert(1)</script>" onload="x')

    page = await browser.get(f"/p/{order.number}")

    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    outside = re.sub(r"xmlns=\"[^\"]*\"", "", page.text)
    assert re.findall(r"<script|<style|\sstyle=|<form|<input|https?://", outside) == []
    assert "&lt;script&gt;" in page.text


async def test_looking_changes_nothing_and_nothing_else_can_be_done(browser: Browser) -> None:
    order = await asked()
    before = await Order.all().values()

    said = [
        (await browser.request(method, f"/p/{order.number}")).status_code
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE")
    ]

    assert said == [200, 200, 405, 405, 405]
    assert await Order.all().values() == before


async def test_numbers_are_not_guessed_without_end(database: object, clock: Clock) -> None:
    app = application(Front(clock=clock, livemode=False, rates=Rates(address_points=60)))
    async with visitor(app) as browser:
        answers = [
            (await browser.get(f"/p/{orders.numbers.fresh()}")).status_code for _ in range(4)
        ]

    assert answers == [404, 404, 404, 429]


async def test_a_live_server_does_not_speak_of_tests(database: object, clock: Clock) -> None:
    app = application(Front(clock=clock, livemode=True, rates=roomy()))
    order = await asked(expires_at=NOON + timedelta(minutes=1))

    async with visitor(app) as browser:
        page = await browser.get(f"/p/{order.number}")

    assert "no real money" not in page.text
