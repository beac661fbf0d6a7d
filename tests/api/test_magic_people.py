"""Each magic person of a test server does what docs/frontend/test-mode.md says of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from channels.couriers import Tray
from channels.couriers.tray import letters
from domain import risk, wallets
from domain.risk.policy import NO_RULES
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.movements import Movement
from models.people import Contact, Person
from models.security_events import SecurityEvent
from models.sessions import Audience
from models.wallets import Account
from server import conjuring, magic
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import PIN, Moving, Resident
from tests.api.test_transfers import CONFIRM, PREPARE, wish
from tests.moments import Clock

PAGE: Final = Path(__file__).parents[2] / "docs" / "frontend" / "test-mode.md"
ROW: Final = re.compile(r"^\| `(magic-[a-z]+)` \| `(\w+)`[^|]* \| `(\w+)`[^|]* \|$", re.MULTILINE)
ROWS: Final = ROW.findall(PAGE.read_text("utf-8"))
HUNDRED: Final = 100_00


@pytest.fixture
async def conjured(app: Starlette, clock: Clock) -> AsyncIterator[Starlette]:
    """The magic people are there, and the rules about them hold."""
    await conjuring.settle(clock())
    risk.install(await magic.ruled(NO_RULES))
    yield app
    risk.install(None)


def test_the_page_has_a_row_for_each_of_them() -> None:
    assert [name for name, _, _ in ROWS] == [each.name for each in magic.PEOPLE]


async def test_they_do_as_the_page_says(conjured: Starlette, resident: Moving) -> None:
    ada, bob = await resident("ada", holds=10 * HUNDRED), await resident("bob")

    said = []
    for name, _, _ in ROWS:
        pays = await _outcome(await _enters(conjured, name), "bob", HUNDRED)
        paid = await _outcome(ada, name, HUNDRED)
        said.append((name, paid, pays))

    assert said == ROWS
    assert await factories.balances(bob.wallet) == [6 * HUNDRED]


async def test_who_is_rich_meets_the_limits(conjured: Starlette, resident: Moving) -> None:
    bob = await resident("bob")

    said = await _outcome(await _enters(conjured, "magic-rich"), "bob", 1_000_000_00)

    assert said == "LIMIT_PER_PAYMENT"
    assert await factories.balances(bob.wallet) == [0]


async def test_no_letter_is_written_to_them(
    conjured: Starlette, clock: Clock, tmp_path: Path
) -> None:
    wires = Wires(courier=Tray(tmp_path / "letters"))

    await Worker(registry(wires), clock=clock).run_due()

    assert letters(tmp_path / "letters") == []


async def test_they_are_made_once_and_what_was_undone_is_done_again(
    conjured: Starlette, clock: Clock
) -> None:
    before = await _counted()
    await conjuring.settle(clock())
    after = await _counted()
    closed = await Person.get(account_name="magic-closed")
    await wallets.open_wallet(closed.id, "CNY", clock())

    await conjuring.settle(clock())

    assert after == before
    assert (await Account.get(owner_id=closed.id)).closed_at == clock()


async def test_where_there_are_none_the_rules_are_the_operators(database: object) -> None:
    assert await magic.ruled(NO_RULES) == NO_RULES


async def _outcome(payer: Resident, payee: str, amount: int) -> str:
    """The problem of a payment, else how it stands."""
    shown = await payer.asker.data(PREPARE, input=wish(payer, payee, amount))
    if "code" in shown:
        return str(shown["code"])
    words: dict[str, Any] = {
        "quoteId": shown["quote"]["id"],
        "challengeId": shown["challenge"]["id"],
        "proof": {"pin": PIN},
        "idempotencyKey": f"{payee}-{amount}",
    }
    told = await payer.asker.data(CONFIRM, input=words)
    return str(told["code"] if "code" in told else told["transfer"]["status"])


async def _enters(app: Starlette, name: str) -> Resident:
    """A magic person, signed in."""
    person = await Person.get(account_name=name)
    wallet = await Account.get(owner_id=person.id, currency="CNY")
    opened = await factories.session(person, Audience.PUBLIC, Clock()())
    asker = Asker(app, token=opened.tokens.access)
    return Resident(person, wallet, asker, opened.tokens, str(opened.session.id))


async def _counted() -> list[int]:
    tables = (Person, Contact, Account, Movement, SecurityEvent)
    return [await table.all().count() for table in tables]
