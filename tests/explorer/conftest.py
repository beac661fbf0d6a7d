"""A demo server and a browser that may speak with it alone."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from tests.server.servers import Server, serving

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE: Final[Any] = {"width": 1280, "height": 800}
VIOLATIONS: Final = """window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
});"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium its tests are left out, and that is said; CI has to have one."""
    if CHROMIUM or os.environ.get("CI"):
        return
    left_out = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    if left_out and os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"No Chromium here: {len(left_out)} browser tests left out.", file=sys.stderr)


@pytest.fixture(scope="session")
def demo() -> Iterator[Server]:
    """A demo, started as a newcomer starts it; its callers are not counted."""
    folder = Path(tempfile.mkdtemp(prefix="upay-explorer-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with serving(folder, UPAY_RATE_ADDRESS="1000000") as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "install chromium: the explorer is proved in a real browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A window of its own, in English; a test may change that before it opens a page."""
    context = await browser.new_context(viewport=WIDE, locale="en-GB")
    yield context
    await context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser finds wrong; whoever breaks something on purpose takes it out."""
    return []


@pytest.fixture
async def page(context: BrowserContext, demo: Server, complaints: list[str]) -> AsyncIterator[Page]:
    """The explorer, open; in the end it has asked no other host and broken no rule of its own."""
    host, strangers = f"localhost:{demo.port}", list[str]()

    async def let_pass(route: Route) -> None:
        if urlsplit(route.request.url).netloc == host:
            await route.fallback()
            return
        strangers.append(route.request.url)
        await route.abort()

    await context.route("**/*", let_pass)
    page = await context.new_page()
    await page.add_init_script(VIOLATIONS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"http://{host}/graphql")
    await page.get_by_role("heading", name="Queries").wait_for()
    yield page
    assert (strangers, complaints) == ([], [])
    assert await page.evaluate("violations") == []
