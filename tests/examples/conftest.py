"""A demo server, and a browser whose device makes passkeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.async_api import Browser, CDPSession, Page

from tests.explorer.conftest import VIOLATIONS, browser, demo, pytest_collection_modifyitems
from tests.server.servers import Server

__all__ = ["browser", "demo", "pytest_collection_modifyitems"]

TABLET: Final[Any] = {"width": 900, "height": 1000}
DEVICE: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Device:
    """What the browser takes for the device's own authenticator."""

    wire: CDPSession
    id: str

    async def recognises(self, its_owner: bool) -> None:
        """Whether it takes whoever holds it for its owner."""
        words = {"authenticatorId": self.id, "isUserVerified": its_owner}
        await self.wire.send("WebAuthn.setUserVerified", words)

    async def count(self) -> int:
        """How many passkeys it holds."""
        kept = await self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return len(kept["credentials"])


@pytest.fixture
async def page(browser: Browser, demo: Server) -> AsyncIterator[Page]:
    """The example, open; in the end it has broken none of its own rules."""
    context = await browser.new_context(viewport=TABLET, locale="en-GB")
    page, complaints = await context.new_page(), list[str]()
    await page.add_init_script(VIOLATIONS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"http://localhost:{demo.port}/examples/passkeys")
    yield page
    assert complaints == []
    assert await page.evaluate("violations") == []
    await context.close()


@pytest.fixture
async def device(page: Page) -> Device:
    wire = await page.context.new_cdp_session(page)
    await wire.send("WebAuthn.enable")
    made = await wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return Device(wire, made["authenticatorId"])
