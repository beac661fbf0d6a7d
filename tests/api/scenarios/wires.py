"""How the codes of documents, and of how they come, come out."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final

import websockets
from websockets.typing import Subprotocol

from server.app import Front, application
from server.conversations import OPERATIONS_PER_SOCKET
from server.desk_sessions import PATH as DESK_SESSIONS
from server.rates import Rates
from tests.api.clients import Asker, served
from tests.api.scenarios.stage import Act, Said, Scenario, Scenarios, Stage, error

NAME: Final = "{ __typename }"
DEEP: Final = "{ me " + "{ wallets { id " * 20 + "} }" * 20 + " }"
FOLLOW: Final = """subscription ($id: ID!) { walletEvents(walletId: $id) { __typename } }"""


def asking(**words: Any) -> Scenario:
    """A stranger asks for `words`, well-formed."""

    async def scenario(stage: Stage) -> Act:
        return partial(stage.refused, json=words)

    return scenario


def sending(**how: Any) -> Scenario:
    """A stranger sends something by HTTP as nobody should."""

    async def scenario(stage: Stage) -> Act:
        return partial(stage.refused, **how)

    return scenario


async def rate_limited(stage: Stage) -> Act:
    crowded = application(Front(clock=stage.clock, livemode=False, rates=Rates(address_points=1)))
    await stage.curtain.enter_async_context(crowded.router.lifespan_context(crowded))
    await Asker(crowded).answer(NAME)
    return partial(stage.refused, app=crowded, json={"query": NAME})


async def too_many_subscriptions(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    address = await stage.curtain.enter_async_context(served(stage.app))
    socket = await stage.curtain.enter_async_context(
        websockets.connect(
            f"ws://{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]
        )
    )
    shown = {"authorization": f"Bearer {ada.tokens.access}"}
    await socket.send(json.dumps({"type": "connection_init", "payload": shown}))
    await socket.recv()

    async def act() -> Said:
        payload = {"query": FOLLOW, "variables": {"id": ada.wallet_id}}
        for number in range(OPERATIONS_PER_SOCKET + 1):
            message = {"id": str(number), "type": "subscribe", "payload": payload}
            await socket.send(json.dumps(message))
        while (told := json.loads(await socket.recv()))["type"] != "error":
            pass
        return error({"errors": told["payload"]})

    return act


TOP_LEVEL: Final[Scenarios] = {
    "DOCUMENT_INVALID": asking(query="{ mee { id } }"),
    "VARIABLES_INVALID": asking(
        query="query ($id: ID!) { node(id: $id) { id } }", variables={"id": None}
    ),
    "OPERATION_NAME_REQUIRED": asking(query=f"query a {NAME} query b {NAME}"),
    "OPERATION_UNKNOWN": asking(query=f"query a {NAME}", operationName="b"),
    "SUBSCRIPTION_NEEDS_STREAM": asking(query=FOLLOW, variables={"id": "wal_x"}),
    "LIMIT_EXCEEDED": asking(query=DEEP),
    "BAD_REQUEST": sending(content="{", content_type="application/json"),
    "FORBIDDEN": sending(path=DESK_SESSIONS, json={"refresh": "upr_x"}),
    "METHOD_NOT_ALLOWED": sending(method="PUT", json={"query": NAME}),
    "NOT_ACCEPTABLE": sending(json={"query": NAME}, forms=("text/plain", "image/png")),
    "BODY_TOO_LARGE": sending(json={"query": NAME + " " * 100_000}),
    "MEDIA_TYPE_UNSUPPORTED": sending(content=NAME, content_type="application/graphql"),
    "RATE_LIMITED": rate_limited,
    "TOO_MANY_SUBSCRIPTIONS": too_many_subscriptions,
}
