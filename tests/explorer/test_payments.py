"""A payment from nothing to the payee's screen, made in the explorer of a real demo."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.explorer.windows import Window

pytestmark = pytest.mark.slow


async def test_what_ada_pays_appears_in_the_tab_where_bob_is_listening(page: Page) -> None:
    window = Window(page)
    await window.sign_in("王小明")
    await window.run("Look", "王小明")
    await window.run("Watch", "Live")

    await window.sign_in("Ada")
    await window.run("Look", "Ada Lovelace")
    await window.run("Prepare", "CN¥12.50")
    await window.run("Confirm", "COMPLETED")

    await expect(page.get_by_role("tab", name="Watch")).to_contain_text("1 new")
    await window.open("Watch")
    await expect(window.answer.get_by_role("listitem")).to_have_count(1)
    await expect(window.answer).to_contain_text("COMPLETED+CN¥12.50")


async def test_confirming_twice_pays_once(page: Page) -> None:
    window = Window(page)
    await window.sign_in("Ada")
    await window.run("Look", "Ada Lovelace")
    await window.run("Prepare", "quo_")
    await window.run("Confirm", "COMPLETED")
    first = await window.answer.get_by_text('"trf_').inner_text()

    await window.run("Confirm", "COMPLETED")

    assert await window.answer.get_by_text('"trf_').inner_text() == first


async def test_an_event_of_a_lost_wire_arrives_once_when_it_is_back(page: Page) -> None:
    wires, is_cut = list[WebSocketRoute](), False

    async def wire(socket: WebSocketRoute) -> None:
        if is_cut:
            await socket.close(code=1012)
            return
        socket.connect_to_server()
        wires.append(socket)

    await page.route_web_socket("**/graphql", wire)
    window = Window(page)
    await window.sign_in("Ada")
    await window.run("Look", "Ada Lovelace")
    await window.run("Prepare", "quo_")
    await window.run("Watch", "Live")

    is_cut = True
    await wires[0].close(code=1012)
    await expect(window.answer.get_by_role("status")).not_to_have_text("Live")
    await window.run("Confirm", "COMPLETED")
    is_cut = False
    await window.open("Watch")

    await expect(window.answer.get_by_role("status")).to_have_text("Live")
    await expect(window.answer.get_by_role("listitem")).to_have_count(1)


async def test_somebody_new_registers_and_signs_in(page: Page) -> None:
    window = Window(page)
    await window.run("Register", "guest-")
    name = await window.answer.get_by_text('"guest-').first.inner_text()
    await window.open("Sign in")
    words = f'{{"input": {{"name": {name}, "password": "harbour-lantern-42"}}}}'

    await window.variables.fill(words)
    await window.run("Sign in", "upa_")
    await window.run("Look", "Grace Hopper")

    newcomer = page.get_by_role("button", name="Grace", exact=True)
    await expect(newcomer).to_have_attribute("aria-pressed", "true")


async def test_a_problem_says_what_to_do_now(page: Page) -> None:
    window = Window(page)
    await window.sign_in("Ada")
    await window.run("Look", "Ada Lovelace")
    await window.open("Prepare")
    words = await window.variables.input_value()

    await window.variables.fill(words.replace("{neighbour}", "nobody-at-all"))
    await window.run("Prepare", "PAYEE_NOT_FOUND")

    await expect(window.answer.locator(".problem strong")).to_be_visible()
    await expect(window.answer.locator(".problem")).to_contain_text("Input: ")
