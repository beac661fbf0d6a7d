"""Sockets of people who are signed in: what they may carry, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest
from starlette.applications import Starlette

from server.app import Front, application
from tests.api.clients import served
from tests.api.conftest import Moving
from tests.api.talkers import Talker, codes
from tests.api.test_subscriptions import WALLET, pay
from tests.moments import Clock

MOST_OPERATIONS: Final = 20


@pytest.fixture
async def address(app: Starlette) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


async def test_a_live_server_shows_its_schema_by_a_socket_only_to_somebody_who_is_signed_in(
    app: Starlette, clock: Clock, resident: Moving
) -> None:
    ada = await resident("ada")
    live = application(Front(clock=clock, livemode=True))
    asked = {"query": "{ __schema { queryType { name } } }"}

    async with served(live) as address:
        async with Talker.open(address) as nobody:
            await nobody.subscribe("one", asked)
            refused = await nobody.hear()
        async with Talker.open(address, ada.tokens.access) as adas:
            await adas.subscribe("one", asked)
            shown = await adas.hear()

    assert codes(refused) == ["UNAUTHENTICATED"]
    assert shown["payload"]["data"] == {"__schema": {"queryType": {"name": "Query"}}}


async def test_a_socket_carries_twenty_operations_and_room_is_made_by_ending_one(
    address: str, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    follow = {"query": WALLET, "variables": {"id": bob.wallet_id, "after": 0}}

    async with Talker.open(address, bob.tokens.access) as talker:
        for number in range(MOST_OPERATIONS):
            await talker.subscribe(f"{number}", follow)
        await talker.subscribe("one too many", follow)
        refused = await talker.hear()
        await talker.say({"id": "0", "type": "complete"})
        await talker.subscribe("another", follow)
        await pay(ada, "bob", 250, "tea")
        heard = [await talker.hear() for _ in range(MOST_OPERATIONS)]

    assert (refused["id"], refused["type"]) == ("one too many", "error")
    assert codes(refused) == ["TOO_MANY_SUBSCRIPTIONS"]
    assert {message["type"] for message in heard} == {"next"}
    assert {message["id"] for message in heard} == {
        "another",
        *(f"{number}" for number in range(1, MOST_OPERATIONS)),
    }


async def test_what_is_refused_while_it_is_done_has_a_code_as_well(
    address: str, resident: Moving
) -> None:
    ada, bob = await resident("ada"), await resident("bob")

    async with Talker.open(address, ada.tokens.access) as talker:
        for id, query in (
            ("query", f'{{ wallet(id: "{bob.wallet_id}") {{ id }} }}'),
            (
                "follow",
                f'subscription {{ walletEvents(walletId: "{bob.wallet_id}") {{ __typename }} }}',
            ),
        ):
            await talker.subscribe(id, {"query": query})
        heard = [await talker.hear() for _ in range(4)]

    refused = {m["id"]: codes(m) for m in heard if m["type"] != "complete"}
    assert refused == {"query": ["NOT_FOUND"], "follow": ["NOT_FOUND"]}


async def test_an_operation_by_a_socket_whose_session_has_ended_is_refused(
    address: str, resident: Moving
) -> None:
    ada = await resident("ada")
    mine = {"query": "{ me { accountName } }"}

    async with Talker.open(address, ada.tokens.access) as talker:
        await talker.subscribe("before", mine)
        before = [await talker.hear(), await talker.hear()]
        await ada.asker.data("mutation { signOut { endedAt } }")
        await talker.subscribe("after", mine)
        after = await talker.hear()

    assert before[0]["payload"]["data"] == {"me": {"accountName": "ada"}}
    assert codes(after) == ["UNAUTHENTICATED"]
