"""What the explorer itself promises to whoever looks around in it."""

from __future__ import annotations

import re
from typing import Final, Literal

import pytest
from playwright.async_api import Page, expect

from tests.explorer.windows import Window

pytestmark = pytest.mark.slow


async def test_whoever_is_told_to_sign_in_does_it_right_there(page: Page) -> None:
    window = Window(page)
    await window.run("Look", "UNAUTHENTICATED")

    await window.answer.get_by_role("button", name="Sign in as Ada").click()

    await expect(window.answer).to_contain_text("Ada Lovelace")
    await expect(window.answer).to_contain_text("points")


async def test_signing_out_forgets_everything_but_documents(page: Page) -> None:
    window = Window(page)
    await window.sign_in("Ada")
    await window.run("Sign in", "upa_")
    await window.variables.fill('{"input": {"name": "ada", "password": "my own secret"}}')
    await window.document.press_sequentially("# mine\n")
    kept_before = await page.evaluate("JSON.stringify(sessionStorage)")

    await page.get_by_role("button", name="Sign out").click()

    await expect(window.answer).to_contain_text("No answer yet")
    kept = await page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    assert "upa_" not in kept_before + kept
    assert "upr_" not in kept_before + kept
    assert "my own secret" not in kept
    assert "# mine" in kept


async def test_documents_outlive_a_reload(page: Page) -> None:
    window = Window(page)
    await page.get_by_role("button", name="New tab").click()
    await page.keyboard.type("query Mine { me")

    await page.reload()

    await expect(page.get_by_role("tab", name="Mine")).to_have_attribute("aria-selected", "true")
    await expect(window.document).to_have_value("query Mine { me}")


async def test_what_fits_is_offered_and_what_does_not_is_named_with_its_line(page: Page) -> None:
    window = Window(page)
    await page.get_by_role("button", name="New tab").click()

    await page.keyboard.type("{ me { wal")
    await expect(page.get_by_role("option", name="wallets")).to_contain_text("[Wallet!]!")
    await page.keyboard.press("Enter")
    await page.keyboard.type("colour ")

    await expect(window.document).to_have_value("{ me { wallets {\n  colour \n}}}")
    await expect(page.get_by_role("list", name="Issues")).to_have_text(
        "Line 2 Wallet has no field colour."
    )


async def test_the_manual_follows_types_and_puts_fields_into_the_document(page: Page) -> None:
    window = Window(page)
    await window.open("Your own")
    await page.get_by_label("Search types and fields").fill("walletEvents")
    await page.get_by_role("button", name="Subscription").click()

    await page.get_by_role("button", name="Insert walletEvents").click()

    await expect(window.document).to_have_value(re.compile(r"^walletEvents\(walletId: \)"))


async def test_the_explorer_speaks_chinese_and_so_does_the_server(page: Page) -> None:
    window = Window(page)
    await page.get_by_label("Language").select_option("中文")
    await page.get_by_role("tab", name="登录").click()
    await page.locator("#variables textarea").fill('{"input": {"name": "ada", "password": "x"}}')

    await page.get_by_role("button", name="运行").click()

    await expect(window.answer.locator(".problem")).to_contain_text(re.compile("[一-鿿]{4}"))
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


async def test_by_day_and_by_night_nothing_overflows_and_every_text_stands_out(page: Page) -> None:
    window = Window(page)
    await window.run("Look", "UNAUTHENTICATED")

    for scheme, width in SCENES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size({"width": width, "height": 800})
        is_too_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")

        assert (scheme, width, is_too_wide, await page.evaluate(FAINT)) == (
            scheme,
            width,
            False,
            [],
        )


async def test_a_server_that_is_away_is_told_apart_from_one_that_says_no(
    page: Page, complaints: list[str]
) -> None:
    window = Window(page)
    await page.route("**/graphql", lambda route: route.abort())
    await window.run("Look", "uPay does not answer")
    await page.unroute("**/graphql")
    complaints.clear()

    await window.answer.get_by_role("button", name="Try again").click()

    await expect(window.answer).to_contain_text("UNAUTHENTICATED")


SCENES: Final[tuple[tuple[Literal["light", "dark"], int], ...]] = (
    ("light", 1280),
    ("light", 900),
    ("dark", 900),
    ("dark", 1280),
)

# Texts under 4.5:1 against what lies behind them.
FAINT = """() => {
  const light = (text) => {
    const [red, green, blue] = text.match(/[\\d.]+/g).map((part) => part / 255).map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return /rgba\\(.*, 0\\)/.test(colour) && element.parentElement ? ground(element.parentElement)
      : colour;
  };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3
    && node.data.trim());
  return [...document.body.querySelectorAll("*")].filter(own).filter((each) =>
    each.checkVisibility() && !each.closest("textarea, noscript, .waves, .skip")).map((each) => {
    const both = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => b - a);
    return [each.textContent.slice(0, 30), (both[0] + 0.05) / (both[1] + 0.05)];
  }).filter(([, contrast]) => contrast < 4.5);
}"""
