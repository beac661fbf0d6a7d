"""The example for front ends, done by a browser: a passkey made, signed in with, and paid with."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.examples.conftest import Device
from tests.server.servers import Server

pytestmark = pytest.mark.slow


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def told(page: Page, words: str) -> None:
    """Waits until some step says it."""
    await expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


async def test_a_passkey_is_made_signed_in_with_and_paid_with(page: Page, device: Device) -> None:
    # Bob, because what Ada is left with here would keep her out of the next test.
    await page.get_by_label("Account name").fill("bob")
    await press(page, "Sign in")
    await told(page, "王小明 is signed in with a password.")
    await press(page, "Add a passkey")
    await told(page, "This device has your passkey")
    assert await device.count() == 1

    await press(page, "Sign in with a passkey")
    await told(page, "王小明 is signed in with a passkey.")
    await page.get_by_label("To").fill("ada")
    await press(page, "Look at it")
    await told(page, "Look at it, then confirm.")
    await expect(page.locator("#quote-total")).to_have_text(re.compile("12.50"))
    await press(page, "Confirm with a passkey")

    await told(page, "Paid: ")
    await expect(page.get_by_role("button", name="Confirm with a passkey")).to_be_disabled()


async def test_a_prompt_that_nobody_answers_is_a_sentence_and_can_be_tried_again(
    page: Page, device: Device
) -> None:
    await press(page, "Sign in")
    await told(page, "Ada Lovelace is signed in with a password.")
    await device.recognises(False)
    await press(page, "Add a passkey")
    await told(page, "The device was not unlocked, so nothing happened.")
    assert await device.count() == 0

    await device.recognises(True)
    await press(page, "Add a passkey")
    await told(page, "This device has your passkey")
    await press(page, "Look at it")
    await told(page, "Look at it, then confirm.")
    await device.recognises(False)
    await press(page, "Confirm with a passkey")
    await told(page, "The device was not unlocked, so nothing happened.")

    await device.recognises(True)
    await press(page, "Confirm with a passkey")
    await told(page, "Paid: ")


async def test_a_device_without_a_passkey_signs_nobody_in(page: Page, device: Device) -> None:
    assert await device.count() == 0

    await press(page, "Sign in with a passkey")

    await told(page, "The device was not unlocked, so nothing happened.")


async def test_a_wrong_password_is_a_sentence_with_what_to_do_now(page: Page) -> None:
    await page.get_by_label("Account name").fill("mei")
    await page.get_by_label("Password").fill("not it at all")
    await press(page, "Sign in")

    await told(page, "The name or password is not right.")


async def test_by_a_keyboard_alone_the_first_step_is_done(page: Page, demo: Server) -> None:
    await page.get_by_label("Account name").focus()
    await page.get_by_label("Account name").fill("mei")
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await told(page, "王梅 is signed in with a password.")
