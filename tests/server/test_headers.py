"""What every answer tells the browser, whoever gives the answer."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from server.app import Front, application
from server.headers import SecurityHeaders
from tests.api.clients import served
from tests.moments import Clock

EXPECTED = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
BOUND = "max-age=31536000; includeSubDomains"
WITH_VERSIONS = ("server", "x-powered-by", "via")


@pytest.fixture
def app(database: object) -> Starlette:
    return application(Front(clock=Clock(), livemode=False))


async def asked(app: Any, method: str, path: str, scheme: str = "http") -> httpx2.Response:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://upay.test") as client:
        return await client.request(method, path)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/livez", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/livez", 405),
        ("GET", "/graphql", 405),
        ("POST", "/graphql", 415),
        ("POST", "/desk/graphql", 415),
        ("POST", "/desk/session", 403),
        ("OPTIONS", "/graphql", 405),
    ],
)
async def test_every_answer_carries_them(
    app: Starlette, method: str, path: str, status: int
) -> None:
    answer = await asked(app, method, path)

    assert answer.status_code == status
    assert EXPECTED.items() <= dict(answer.headers).items()
    assert [name for name in WITH_VERSIONS if name in answer.headers] == []


async def test_so_does_the_answer_to_what_went_wrong(app: Starlette) -> None:
    async def breaks(_: Request) -> Response:
        raise RuntimeError("a secret detail")

    app.router.routes.append(Route("/breaks", breaks))

    answer = await asked(app, "GET", "/breaks")

    assert answer.status_code == 500
    assert EXPECTED.items() <= dict(answer.headers).items()
    assert "secret" not in answer.text


async def test_a_page_that_says_more_is_left_alone() -> None:
    async def page(_: Request) -> Response:
        policy = {"content-security-policy": "script-src 'self'", "Cache-Control": "max-age=60"}
        return HTMLResponse("<!doctype html>", headers=policy)

    answer = await asked(
        SecurityHeaders(Starlette(routes=[Route("/", page)]), livemode=False), "GET", "/"
    )

    assert answer.headers.get_list("content-security-policy") == ["script-src 'self'"]
    assert answer.headers.get_list("cache-control") == ["max-age=60"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("livemode", "scheme", "bound"),
    [(True, "https", BOUND), (True, "http", None), (False, "https", None)],
)
async def test_only_a_live_server_binds_browsers_to_https_and_only_over_https(
    database: object, livemode: bool, scheme: str, bound: str | None
) -> None:
    app = application(Front(clock=Clock(), livemode=livemode))

    answer = await asked(app, "GET", "/livez", scheme)

    assert answer.headers.get("strict-transport-security") == bound


async def test_a_socket_names_no_version_when_it_opens_and_when_it_is_refused(
    app: Starlette,
) -> None:
    async with served(app) as address:
        url = f"ws://{address}/graphql"
        protocols: Any = ["graphql-transport-ws"]
        async with websockets.connect(url, subprotocols=protocols) as socket:
            assert socket.response is not None
            opened = socket.response.headers
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(url, subprotocols=protocols, origin="null")  # type: ignore[arg-type]

    names = {name.lower() for name in (*opened, *refused.value.response.headers)}
    # The helper's uvicorn says its own name; `server.running` tells it not to.
    assert not names & (set(WITH_VERSIONS) - {"server"})
