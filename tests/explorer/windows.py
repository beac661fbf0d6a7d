"""The explorer as somebody uses it: by what its controls say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect


@dataclass(frozen=True)
class Window:
    """One open explorer."""

    page: Page

    @property
    def answer(self) -> Locator:
        return self.page.locator("#answer")

    @property
    def document(self) -> Locator:
        return self.page.get_by_label("GraphQL document")

    @property
    def variables(self) -> Locator:
        return self.page.get_by_label("Variables")

    async def sign_in(self, name: str) -> None:
        """By one click, the way only a demo offers it."""
        person = self.page.get_by_role("group", name="People").get_by_role("button", name=name)
        await person.click()
        await expect(person).to_have_attribute("aria-pressed", "true")

    async def open(self, title: str) -> None:
        await self.page.get_by_role("tab", name=re.compile(title)).click()

    async def run(self, title: str, answers: str) -> None:
        """Runs a tab and waits for what its answer must say."""
        await self.open(title)
        await self.page.get_by_role("button", name="Run").click()
        await expect(self.answer).to_contain_text(answers)
