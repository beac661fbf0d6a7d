"""API keys over the API: shown once, good for their scopes, and over at once when revoked."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed

from domain import merchants, streams
from domain.merchants import Scope
from models.merchants import ApiKey, Merchant
from server.app import Front, application
from server.rates import Rates
from tests import factories
from tests.api.clients import Asker, served
from tests.api.conftest import Moving, Resident
from tests.api.talkers import Talker, codes
from tests.api.test_merchants import done
from tests.moments import NOON, Clock
from tests.server.lines import logged

MINE: Final = "{ merchant { id } }"
ME: Final = "{ me { id } }"
MADE: Final = "... on ApiKeyCreated { token apiKey { id name hint scopes lastUsedAt livemode } }"


async def opened(ada: Resident) -> Merchant:
    return await factories.merchant(ada.person)


async def made(ada: Resident, tea: Merchant, *scopes: str) -> dict[str, Any]:
    words = {"merchantId": f"mer_{tea.id.hex}", "name": "Till 2", "scopes": list(scopes)}
    return await done(ada.asker, "createApiKey", words, MADE)


async def test_a_key_is_shown_once_and_opens_the_api(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")
    tea = await opened(ada)

    answer = await made(ada, tea, "READ", "REFUNDS")
    program = Asker(app, token=answer["token"])

    assert answer["apiKey"] | {"id": ""} == {
        "id": "",
        "name": "Till 2",
        "hint": answer["token"][-4:],
        "scopes": ["READ", "REFUNDS"],
        "lastUsedAt": None,
        "livemode": False,
    }
    assert await program.data(MINE) == {"id": f"mer_{tea.id.hex}"}
    words = "query ($id: ID) { merchant(id: $id) { apiKeys { name lastUsedAt } } }"
    [listed] = (await ada.asker.data(words, id=f"mer_{tea.id.hex}"))["apiKeys"]
    assert listed["lastUsedAt"] is not None


async def test_a_scope_that_is_missing_is_named(app: Starlette, resident: Moving) -> None:
    tea = await opened(await resident("ada"))
    key = await factories.key(tea, Scope.REFUNDS)

    english = await Asker(app, token=key).answer(MINE)
    chinese = await Asker(app, token=key, language="zh-CN").answer(MINE)

    [error] = english["errors"]
    assert error["extensions"] == {"code": "SCOPE_MISSING", "scope": "READ"}
    assert "lacks the scope READ" in error["message"]
    assert "缺少权限 READ" in chinese["errors"][0]["message"]


async def test_a_key_stands_for_no_person(app: Starlette, resident: Moving) -> None:
    tea = await opened(await resident("ada"))
    program = Asker(app, token=await factories.key(tea))

    assert await program.code(ME) == "UNAUTHENTICATED"
    assert await program.code('{ node(id: "mer_nonsense") { id } }') == "NOT_FOUND"
    found = await program.data(f'{{ node(id: "mer_{tea.id.hex}") {{ id }} }}')
    assert found == {"id": f"mer_{tea.id.hex}"}


async def test_a_key_of_the_other_mode_is_known_by_its_beginning_and_not_looked_up(
    clock: Clock, app: Starlette, resident: Moving
) -> None:
    tea = await opened(await resident("ada"))
    key = await factories.key(tea)
    live = application(Front(clock=clock, livemode=True))
    open_to_all = "{ passwordPolicy { minLength } }"

    said = await Asker(live, token=key).code(MINE)
    await Asker(live, token=key).data(open_to_all)

    assert said == await Asker(live, token=key).code(ME) == "KEY_OF_OTHER_MODE"
    assert await Asker(live, token="upk_x").code(MINE) == "UNAUTHENTICATED"
    assert [each.last_used_at for each in await ApiKey.all()] == [None]
    live_key = key.replace("_test_", "_live_")
    assert await Asker(app, token=live_key).code(MINE) == "KEY_OF_OTHER_MODE"


@pytest.mark.parametrize(
    "token", ["upk_", "upk_test_", "upk_test_" + "x" * 200, "upk_test_" + "A" * 43]
)
async def test_what_only_looks_like_a_key_opens_nothing(
    app: Starlette, resident: Moving, token: str
) -> None:
    await opened(await resident("ada"))

    said = await Asker(app, token=token).code(MINE)

    assert said == "UNAUTHENTICATED"


async def test_a_revoked_key_is_forgotten_at_the_door_at_once(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    answer = await made(ada, await opened(ada), "READ")
    program = Asker(app, token=answer["token"])
    await program.data(MINE)

    revoked = await ada.asker.data(
        f"""mutation {{ revokeApiKey(input: {{ apiKeyId: "{answer["apiKey"]["id"]}" }}) {{
            ... on ApiKeyRevoked {{ apiKey {{ revokedAt }} }} }} }}"""
    )

    assert revoked["apiKey"]["revokedAt"] is not None
    assert await program.code(MINE) == "UNAUTHENTICATED"


async def test_a_socket_takes_a_key_and_asks_again_whether_it_is_good(
    app: Starlette, resident: Moving
) -> None:
    tea = await opened(await resident("ada"))
    key = await factories.key(tea)

    async with served(app) as address, Talker.open(address, key) as talker:
        await talker.subscribe("one", {"query": MINE})
        answered = await talker.hear()
        assert (await talker.hear())["type"] == "complete"
        await ApiKey.filter(merchant_id=tea.id).update(revoked_at=NOON)
        await talker.subscribe("two", {"query": MINE})
        refused = await talker.hear()

    assert answered["payload"]["data"] == {"merchant": {"id": f"mer_{tea.id.hex}"}}
    assert codes(refused) == ["UNAUTHENTICATED"]


async def test_a_socket_is_not_opened_by_a_key_that_is_none(
    app: Starlette, resident: Moving
) -> None:
    await opened(await resident("ada"))

    async with served(app) as address:
        with pytest.raises(ConnectionClosed) as closed:
            async with Talker.open(address, "upk_test_" + "A" * 43) as talker:
                await talker.hear()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_what_a_key_follows_ends_when_the_key_is_revoked(
    resident: Moving, clock: Clock
) -> None:
    tea = await opened(await resident("ada"))
    key = await merchants.holder(await factories.key(tea), clock())
    assert key is not None
    following = streams.follow(tea.id, api_key_id=key.api_key_id, after=1, clock=clock)
    assert await anext(following) == streams.Reset(0)
    waiting = asyncio.ensure_future(anext(following))
    await streams.beat(clock())
    assert await asyncio.wait_for(waiting, 10) == streams.Heartbeat(0)

    waiting = asyncio.ensure_future(anext(following))
    await ApiKey.filter(merchant_id=tea.id).update(revoked_at=clock())
    await streams.beat(clock())

    with pytest.raises(streams.SessionOver):
        await asyncio.wait_for(waiting, 10)


async def test_a_merchants_keys_share_what_may_be_asked_in_a_minute(
    clock: Clock, resident: Moving
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    tea, books = await opened(ada), await factories.merchant(bob.person, "Book Shop")
    few = application(
        Front(clock=clock, livemode=False, rates=Rates(person_points=50, address_points=1_000))
    )
    till, shelf = [Asker(few, token=await factories.key(tea)) for _ in range(2)]

    answers = [await till.answer(MINE) for _ in range(60)]

    assert "errors" not in answers[0]
    assert "errors" in answers[-1]
    assert await shelf.code(MINE) == "RATE_LIMITED"
    assert await Asker(few, token=await factories.key(books)).data(MINE)


async def test_the_log_names_the_merchant_and_never_its_key(
    app: Starlette, resident: Moving
) -> None:
    tea = await opened(await resident("ada"))
    key = await factories.key(tea)

    with logged(level=logging.DEBUG) as said:
        await Asker(app, token=key).data(MINE)
        await Asker(app, token=key).code(ME)
        await Asker(app, token=key + "x").code(MINE)

    fine, person, wrong = said.of("upay.access")
    assert fine["merchant"] == person["merchant"] == f"mer_{tea.id.hex}"
    assert "merchant" not in wrong
    assert key[9:] not in said.text
