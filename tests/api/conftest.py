"""The API as its callers meet it, with a clock that tests move by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.applications import Starlette

from domain import pins, sessions
from models.people import Person
from models.sessions import Audience
from models.wallets import Account
from server.app import Front, application
from tests import factories
from tests.api.clients import Asker, roomy
from tests.moments import Clock

PIN = "246810"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(database: object, clock: Clock) -> AsyncIterator[Starlette]:
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


@dataclass(frozen=True)
class Resident:
    """Somebody who lives in the test: a person, a CNY wallet, a PIN, and a signed-in client."""

    person: Person
    wallet: Account
    asker: Asker
    tokens: sessions.Tokens
    session_id: str

    @property
    def wallet_id(self) -> str:
        return f"wal_{self.wallet.id.hex}"


Moving = Callable[..., Awaitable[Resident]]


@pytest.fixture
def resident(app: Starlette, clock: Clock) -> Moving:
    """Lets somebody move in: `await resident("ada", holds=10_000)`."""

    async def moves_in(name: str, *, holds: int = 0, **changes: Any) -> Resident:
        return await settle(app, clock, name, holds=holds, **changes)

    return moves_in


async def settle(
    app: Starlette, clock: Clock, name: str, *, holds: int = 0, **changes: Any
) -> Resident:
    """Somebody who moves into the town behind `app`."""
    person = await factories.person(name, **changes)
    wallet = await factories.wallet(person, holds=holds)
    await pins.set_pin(person.id, PIN, clock())
    opened = await factories.session(person, Audience.PUBLIC, clock())
    asker = Asker(app, token=opened.tokens.access)
    return Resident(person, wallet, asker, opened.tokens, str(opened.session.id))


Returning = Callable[[Resident], Awaitable[Resident]]


@pytest.fixture
def returning(app: Starlette, clock: Clock) -> Returning:
    """Signs a resident in again, after their access token has run out."""

    async def signs_in(resident: Resident) -> Resident:
        opened = await factories.session(resident.person, Audience.PUBLIC, clock())
        asker = Asker(app, token=opened.tokens.access)
        return replace(resident, asker=asker, tokens=opened.tokens)

    return signs_in
