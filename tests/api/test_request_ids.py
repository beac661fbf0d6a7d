"""The name of a request, on every answer: callers and the log can speak of the same one."""

from __future__ import annotations

import re
from typing import Final

import pytest

from server.app import Front, application
from tests.api.posts import EVENTS, GRAPHQL, Body, Poster
from tests.moments import Clock

ASKED: Final = {"query": "{ __typename }"}
MEBIBYTE: Final = b" " * 2**20


@pytest.fixture
def poster(clock: Clock) -> Poster:
    """Reaches the application as far as one gets without a token: nothing is behind it."""
    return Poster(application(Front(clock=clock, livemode=False)))


ANSWERS: Final[dict[str, tuple[str, str, Body, dict[str, str | None], int]]] = {
    "an answer": ("POST", "/graphql", ASKED, {}, 200),
    "at the desk": ("POST", "/desk/graphql", ASKED, {}, 200),
    "by events": ("POST", "/graphql", ASKED, {"accept": EVENTS}, 200),
    "refused in json": ("POST", "/graphql", {"query": "{"}, {}, 200),
    "refused": ("POST", "/graphql", {"query": "{"}, {"accept": GRAPHQL}, 400),
    "broken": ("POST", "/graphql", b"{", {}, 400),
    "a verb": ("GET", "/graphql", b"", {}, 405),
    "a form": ("POST", "/graphql", ASKED, {"accept": "text/plain"}, 406),
    "too large": ("POST", "/graphql", MEBIBYTE, {}, 413),
    "a type": ("POST", "/graphql", ASKED, {"content_type": "text/plain"}, 415),
    "nowhere": ("GET", "/nowhere", b"", {}, 404),
    "alive": ("GET", "/livez", b"", {}, 200),
}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"), ANSWERS.values(), ids=ANSWERS
)
async def test_every_answer_names_its_request(
    poster: Poster,
    method: str,
    path: str,
    body: Body,
    headers: dict[str, str | None],
    status: int,
) -> None:
    one = await poster.send(method, path, body, **headers)
    other = await poster.send(method, path, body, **headers)
    named = await poster.send(method, path, body, x_request_id="Order-66.b_2", **headers)

    assert [each.status_code for each in (one, other, named)] == [status] * 3
    assert re.fullmatch(r"[A-Za-z0-9._-]{16,64}", one.headers["x-request-id"])
    assert one.headers["x-request-id"] != other.headers["x-request-id"]
    assert named.headers["x-request-id"] == "Order-66.b_2"


@pytest.mark.parametrize("given", ["a", "0" * 64, "A.b_c-9"])
async def test_a_request_keeps_the_name_its_caller_gave_it(poster: Poster, given: str) -> None:
    answer = await poster.post(ASKED, x_request_id=given)

    assert answer.headers.get_list("x-request-id") == [given]


@pytest.mark.parametrize(
    "given",
    ["", " ", "a" * 65, "a b", "a,b", "a\nb", "a\n", "a;b", "<b>", "\u00fcber", '"a"', "a\tb"],
)
async def test_a_name_that_is_not_fit_for_a_log_is_replaced(poster: Poster, given: str) -> None:
    answer = await poster.post(ASKED, x_request_id=given)

    [name] = answer.headers.get_list("x-request-id")
    assert re.fullmatch(r"[A-Za-z0-9._-]{16,64}", name)
