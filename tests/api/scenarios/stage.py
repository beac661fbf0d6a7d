"""What scenarios play on: the whole application, a clock, and a gate before its database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from domain import ledger, passkeys, secrets
from models.database import connected
from models.people import Role
from models.sessions import Audience
from models.wallets import Account
from realtime import bus
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.api.clients import Asker, roomy
from tests.api.conftest import Resident, settle
from tests.conftest import KEYRING, RELYING_PARTY
from tests.gates import Gate, gate_to
from tests.moments import Clock

WHY: Final = "She called from her own number"
FORMS: Final = ("application/graphql-response+json", "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A code as it came out, and what came with it; `statuses` of answers without data, by form."""

    code: str
    message: str
    title: str | None = None
    next_step: str | None = None
    retry: str | None = None
    statuses: tuple[int, ...] = ()


Act: TypeAlias = Callable[[], Awaitable[Said]]
"""What makes the code come out, in a world that is ready for it."""

Scenario: TypeAlias = Callable[["Stage"], Awaitable[Act]]
Scenarios: TypeAlias = dict[str, Scenario]


@dataclass(frozen=True)
class Stage:
    app: Starlette
    clock: Clock
    gate: Gate
    urls: DatabaseUrls
    monkeypatch: pytest.MonkeyPatch
    curtain: AsyncExitStack
    """What must be put back, or let go, when the scenario is over."""

    @property
    def stranger(self) -> Asker:
        return Asker(self.app)

    async def resident(self, name: str, *, holds: int = 0, **changes: Any) -> Resident:
        return await settle(self.app, self.clock, name, holds=holds, **changes)

    async def two(self, *, holds: int = 1_000) -> tuple[Resident, Resident]:
        """Ada, who has money, and bob, who has none."""
        return await self.resident("ada", holds=holds), await self.resident("bob")

    async def again(self, resident: Resident) -> Resident:
        """The resident, signed in anew after their access token has run out."""
        opened = await factories.session(resident.person, Audience.PUBLIC, self.clock())
        asker = Asker(self.app, token=opened.tokens.access)
        return replace(resident, asker=asker, tokens=opened.tokens)

    async def agent(self, role: Role = Role.AGENT) -> Asker:
        """Somebody signed in at the desk."""
        lin = await factories.person("lin", role=role)
        opened = await factories.session(lin, Audience.DESK, self.clock())
        return Asker(self.app, path="/desk/graphql", token=opened.tokens.access)

    async def owner(self) -> asyncpg.Connection:
        """A connection as the database's owner, past the gate; closed when the scenario is over."""
        connection = await asyncpg.connect(self.urls.owner)
        self.curtain.push_async_callback(connection.close)
        return connection

    async def lock(self, wallet: Account) -> None:
        """Lets whoever wants to post to the wallet wait, until the scenario is over."""
        other = await self.owner()
        await other.execute("BEGIN")
        await other.execute("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", wallet.id)

    async def refused(
        self,
        *,
        app: Starlette | None = None,
        method: str = "POST",
        path: str = "/graphql",
        json: object = None,
        content: str | None = None,
        forms: tuple[str, ...] = FORMS,
        **headers: str,
    ) -> Said:
        """The one error of an answer without data, asked for in each form."""
        transport = httpx2.ASGITransport(app=app or self.app)
        said, statuses = [], []
        async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as http:
            for form in forms:
                sent = {
                    "accept": form,
                    **{each.replace("_", "-"): headers[each] for each in headers},
                }
                answer = await http.request(method, path, json=json, content=content, headers=sent)
                assert "data" not in answer.json(), answer.text
                said.append(error(answer.json()))
                statuses.append(answer.status_code)
        assert len({each.code for each in said}) == 1, said
        return Said(code=said[0].code, message=said[0].message, statuses=tuple(statuses))


@asynccontextmanager
async def staged(urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """The application behind a gate that can shut its database away."""
    clock = Clock()
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    async with (
        gate_to(urls.application) as (gate, url),
        connected(url, pool_size=4, everywhere=True),
        bus.MemoryBus() as memory,
    ):
        bus.install(memory)
        secrets.install(KEYRING)
        passkeys.install(RELYING_PARTY)
        try:
            async with app.router.lifespan_context(app), AsyncExitStack() as curtain:
                yield Stage(app, clock, gate, urls, monkeypatch, curtain)
            await ledger.settled()
        finally:
            bus.install(None)
            secrets.install(None)
            passkeys.install(None)


async def broken(asker: Asker, document: str, **variables: Any) -> Said:
    """The one top-level error that a document is answered with."""
    return error(await asker.answer(document, **variables))


async def problem(asker: Asker, verb: str, words: Mapping[str, object]) -> Said:
    """What a mutation says when it is asked for something that cannot be."""
    name = f"{verb[0].upper()}{verb[1:]}Input"
    document = f"""mutation ($input: {name}!) {{ {verb}(input: $input) {{
        __typename ... on Problem {{ code message nextStep retry }} }} }}"""
    answer = await asker.data(document, input=words)
    assert "code" in answer, answer
    return Said(
        code=answer["code"],
        message=answer["message"],
        next_step=answer["nextStep"],
        retry=answer["retry"],
    )


async def failure(asker: Asker, movement_id: str) -> Said:
    """Why a movement failed, as its owner finds it in their history."""
    document = """query ($id: ID!) { movement(id: $id) { status
        failure { code title detail nextStep retry } } }"""
    found = await asker.data(document, id=movement_id)
    assert found["status"] == "FAILED", found
    return failed(found["failure"])


def failed(told: Mapping[str, str]) -> Said:
    """A failure with its words."""
    return Said(
        code=told["code"],
        title=told["title"],
        message=told["detail"],
        next_step=told["nextStep"],
        retry=told["retry"],
    )


def error(answer: Mapping[str, Any]) -> Said:
    """The one top-level error of an answer."""
    [told] = answer["errors"]
    return Said(code=told["extensions"]["code"], message=told["message"])
