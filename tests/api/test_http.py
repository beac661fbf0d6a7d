"""GraphQL over HTTP: verbs, sizes, and what an answer looks like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from server.app import Front, application
from server.requests import BODY_BYTES
from tests.api.clients import served
from tests.api.conftest import Moving
from tests.api.posts import EVENTS, GRAPHQL, JSON, Poster, code, kind
from tests.api.test_subscriptions import WALLET
from tests.moments import Clock

ASKED: Final = {"query": "{ __typename }"}
ENDPOINTS: Final = ("/graphql", "/desk/graphql")


@pytest.fixture
def door(clock: Clock) -> ASGIApp:
    """The application as far as one gets without a token: nothing is behind it."""
    return application(Front(clock=clock, livemode=False))


@pytest.fixture
def poster(door: ASGIApp) -> Poster:
    return Poster(door)


async def test_a_query_by_an_event_stream_is_answered_with_one_event_and_the_end(
    poster: Poster,
) -> None:
    answer = await poster.post(ASKED, accept=EVENTS)

    assert answer.status_code == 200
    assert kind(answer) == EVENTS
    told, end, nothing = answer.text.split("\n\n")
    assert told.startswith('event: next\ndata: {"data":{"__typename":"Query"}')
    assert (end, nothing) == ("event: complete\ndata:", "")


WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "nothing": ({"query": ""}, "DOCUMENT_INVALID"),
    "syntax": ({"query": "{"}, "DOCUMENT_INVALID"),
    "null byte": ({"query": "{ __typename \0 }"}, "DOCUMENT_INVALID"),
    "no such field": ({"query": "{ nope }"}, "DOCUMENT_INVALID"),
    "no operation": ({"query": "fragment f on Query { __typename }"}, "DOCUMENT_INVALID"),
    "null": (
        {"query": "query ($id: ID!) { wallet(id: $id) { id } }", "variables": {"id": None}},
        "VARIABLES_INVALID",
    ),
    "missing": ({"query": "query ($id: ID!) { wallet(id: $id) { id } }"}, "VARIABLES_INVALID"),
    "another type": (
        {"query": "query ($id: ID!) { wallet(id: $id) { id } }", "variables": {"id": [{}]}},
        "VARIABLES_INVALID",
    ),
    "no such operation": (
        {"query": "query A { __typename } query B { __typename }", "operationName": "C"},
        "OPERATION_UNKNOWN",
    ),
    "the only one by another name": (
        {"query": "query A { __typename }", "operationName": "a"},
        "OPERATION_UNKNOWN",
    ),
    "which of two": (
        {"query": "query A { __typename } query B { __typename }"},
        "OPERATION_NAME_REQUIRED",
    ),
    "too deep": ({"query": "{ me { wallets " * 40 + "{ id }" + " } }" * 40}, "LIMIT_EXCEEDED"),
    "a subscription": (
        {"query": WALLET, "variables": {"id": "wal_1"}},
        "SUBSCRIPTION_NEEDS_STREAM",
    ),
}


@pytest.mark.parametrize(("asked", "reason"), WRONG.values(), ids=WRONG)
async def test_what_is_refused_before_anything_is_done_has_a_code_and_no_data(
    poster: Poster, asked: dict[str, Any], reason: str
) -> None:
    graphql = await poster.post(asked, accept=GRAPHQL)
    json = await poster.post(asked, accept=JSON)

    assert (graphql.status_code, kind(graphql), code(graphql)) == (400, GRAPHQL, reason)
    assert (json.status_code, kind(json), code(json)) == (200, JSON, reason)
    assert json.json()["errors"] == graphql.json()["errors"]


async def test_one_of_several_operations_is_run_by_its_name(poster: Poster) -> None:
    asked = {"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B"}

    answer = await poster.post(asked)

    assert answer.json()["data"] == {"b": "Query"}


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
async def test_every_verb_but_post_is_answered_with_the_one_that_is_allowed(
    poster: Poster, method: str, path: str
) -> None:
    answer = await poster.send(method, path + "?query={__typename}", accept=JSON)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert kind(answer) == JSON
    if method != "HEAD":
        assert code(answer) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    "query",
    [
        "query={__typename}",
        "query=mutation{__typename}",
        "query=query A{__typename} mutation B{__typename}&operationName=B",
        "",
    ],
)
@pytest.mark.parametrize("accept", [None, JSON, GRAPHQL, EVENTS])
async def test_nothing_is_asked_by_get(poster: Poster, query: str, accept: str | None) -> None:
    answer = await poster.send("GET", f"/graphql?{query}", content_type=None, accept=accept)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert code(answer) == "METHOD_NOT_ALLOWED"


async def test_a_live_server_shows_a_browser_no_page_to_ask_from(clock: Clock) -> None:
    poster = Poster(application(Front(clock=clock, livemode=True)))

    answer = await poster.send("GET", "/graphql", content_type=None, accept="text/html, */*;q=0.8")

    assert answer.status_code == 405


async def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not(poster: Poster) -> None:
    longest = b'{"query": "{ __typename }"}'.ljust(BODY_BYTES)

    read = await poster.post(longest)
    refused = await poster.post(longest + b" ")

    assert BODY_BYTES == 65_536
    assert read.status_code == 200
    assert (refused.status_code, code(refused)) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("length", ["2000000", "9" * 5_000, "-1", "+5", "many"])
async def test_a_length_that_is_too_large_or_none_is_refused_before_the_body(
    door: ASGIApp, length: str
) -> None:
    taken = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal taken
        taken += 1
        yield b"{}"

    answer = await Poster(door).post(parts(), content_length=length)

    assert answer.status_code in {400, 413}
    assert code(answer) in {"BAD_REQUEST", "BODY_TOO_LARGE"}
    assert taken == 0


async def test_a_body_that_never_ends_is_cut_where_it_is_too_long(poster: Poster) -> None:
    taken = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * 1_024

    answer = await poster.post(parts())

    assert answer.status_code == 413
    assert code(answer) == "BODY_TOO_LARGE"
    assert taken == 65


@pytest.mark.parametrize("framing", ["Content-Length: 2000000", "Transfer-Encoding: chunked"])
async def test_a_large_body_is_refused_on_the_wire_while_it_is_still_being_sent(
    app: Starlette, framing: str
) -> None:
    head = f"POST /graphql HTTP/1.1\r\nHost: upay\r\nContent-Type: application/json\r\n{framing}"
    part = b"11000\r\n" + b" " * 0x11000 + b"\r\n" if "chunked" in framing else b" " * 1_000

    async with served(app) as address:
        reader, writer = await asyncio.open_connection(*address.split(":"))
        writer.write(head.encode() + b"\r\n\r\n" + part)
        status = await asyncio.wait_for(reader.readline(), 10)
        writer.close()

    assert status.startswith(b"HTTP/1.1 413 ")


async def test_a_null_byte_in_a_word_is_refused_before_the_database_chokes_on_it(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    query = "query ($key: ID!) { movementByKey(key: $key) { status } wallet(id: $key) { id } }"

    answer = await Poster(app).post(
        {"query": query, "variables": {"key": "a\0b"}},
        authorization=f"Bearer {ada.tokens.access}",
    )

    codes = {error["extensions"]["code"] for error in answer.json().get("errors", [])}
    assert answer.status_code == 200
    assert codes <= {"NOT_FOUND", "VARIABLES_INVALID", "BAD_REQUEST"}
