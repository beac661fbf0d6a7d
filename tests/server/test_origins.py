"""Pages of other origins: which may call, and what becomes of the others' requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import websockets
from starlette.applications import Starlette

from server.app import Front, application
from tests.api.clients import served
from tests.moments import Clock

SHOP, EVIL = "https://shop.example", "https://evil.example"
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}
QUESTION = {"query": "{ __typename }"}


@pytest.fixture
def app(database: object) -> Starlette:
    return application(Front(clock=Clock(), livemode=False, allowed_origins=(SHOP,)))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as client:
        yield client


def cors(answer: httpx2.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if "access-control" in name}


async def test_a_page_of_an_allowed_origin_may_ask_and_read_the_answer(
    client: httpx2.AsyncClient,
) -> None:
    preflight = await client.request("OPTIONS", "/graphql", headers={"origin": SHOP, **PREFLIGHT})
    answer = await client.post("/graphql", json=QUESTION, headers={"origin": SHOP})

    assert preflight.status_code == 204
    assert cors(preflight) == {
        "access-control-allow-origin": SHOP,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "accept, accept-language, authorization, content-type, "
        "x-request-id, x-upay-client",
        "access-control-max-age": "600",
    }
    assert cors(answer) == {
        "access-control-allow-origin": SHOP,
        "access-control-expose-headers": "ratelimit, ratelimit-policy, retry-after, x-request-id",
    }
    assert answer.json()["data"] == {"__typename": "Query"}
    assert "origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", [EVIL, "null", f"{SHOP}.evil.example", "http://shop.example"])
async def test_a_foreign_page_is_told_nothing_that_its_browser_would_take_for_a_yes(
    client: httpx2.AsyncClient, origin: str
) -> None:
    asking = {"origin": origin}
    preflight = await client.request("OPTIONS", "/graphql", headers={**asking, **PREFLIGHT})
    answer = await client.post("/graphql", json=QUESTION, headers=asking)
    events = await client.post(
        "/graphql", json=QUESTION, headers={**asking, "accept": "text/event-stream"}
    )

    assert [cors(each) for each in (preflight, answer, events)] == [{}, {}, {}]
    assert "origin" in answer.headers["vary"]


async def test_no_origin_is_ever_allowed_to_bring_cookies(client: httpx2.AsyncClient) -> None:
    wishes = {**PREFLIGHT, "access-control-request-headers": "x-upay-desk"}

    for origin in (SHOP, EVIL):
        answer = await client.request(
            "OPTIONS", "/desk/graphql", headers={"origin": origin, **wishes}
        )
        assert "access-control-allow-credentials" not in answer.headers
        assert "x-upay-desk" not in answer.headers.get("access-control-allow-headers", "")
        assert answer.headers.get("access-control-allow-origin") != "*"


@pytest.mark.parametrize("path", ["/graphql", "/desk/graphql"])
async def test_sockets_follow_the_same_list(app: Starlette, path: str) -> None:
    async with served(app) as address:
        own = f"http://{address}"
        opened = [await _status(address, path, origin) for origin in (None, SHOP, own)]
        refused = [
            await _status(address, path, origin)
            for origin in (EVIL, "null", f"http://{address}.evil.example", f"http://evil@{address}")
        ]

    assert opened == [101, 101, 101]
    assert refused == [403, 403, 403, 403]


async def _status(address: str, path: str, origin: str | None) -> int:
    wishes: dict[str, Any] = {"subprotocols": ["graphql-transport-ws"], "origin": origin}
    try:
        async with websockets.connect(f"ws://{address}{path}", **wishes) as socket:
            assert socket.response is not None
            return socket.response.status_code
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
