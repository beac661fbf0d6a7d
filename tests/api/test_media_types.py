"""Which form a request must have, and in which form it is answered."""

from __future__ import annotations

from typing import Final

import pytest

from server.app import Front, application
from tests.api.posts import GRAPHQL, JSON, Poster, code, kind
from tests.moments import Clock

ASKED: Final = {"query": "{ __typename }"}


@pytest.fixture
def poster(clock: Clock) -> Poster:
    """Reaches the application as far as one gets without a token: nothing is behind it."""
    return Poster(application(Front(clock=clock, livemode=False)))


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("Application/JSON", JSON),
        ("application/json; charset=utf-8", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json; charset=utf-8", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json;q=0.9, application/graphql-response+json", GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.5", JSON),
        ("application/graphql-response+json;q=0, application/json", JSON),
        ("application/json;q=0, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json; q=0.9, */*; q=0.1", GRAPHQL),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.1", JSON),
        (f"{'text/plain, ' * 20}application/json", JSON),
    ],
)
async def test_an_answer_has_the_form_its_caller_likes_best(
    poster: Poster, accept: str | None, chosen: str
) -> None:
    answer = await poster.post(ASKED, accept=accept)

    assert answer.status_code == 200
    assert kind(answer) == chosen
    assert answer.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "text/plain, image/*",
        "application/xml",
        "application/jsonx",
        "application/json;q=0",
        "*/*;q=0",
        "json",
        ",",
    ],
)
async def test_a_caller_that_accepts_none_of_our_forms_is_told_so_in_json(
    poster: Poster, accept: str
) -> None:
    answer = await poster.post(ASKED, accept=accept)

    assert answer.status_code == 406
    assert kind(answer) == JSON
    assert code(answer) == "NOT_ACCEPTABLE"


async def test_json_that_is_ruled_out_by_name_is_not_sent_to_whoever_takes_the_rest(
    poster: Poster,
) -> None:
    answer = await poster.post(ASKED, accept="application/json;q=0, */*")

    assert kind(answer) == GRAPHQL


@pytest.mark.parametrize("path", ["/graphql", "/desk/graphql"])
@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": None},
        {"content_type": ""},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": "text/plain"},
        {"content_type": "text/plain; application/json"},
        {"content_type": "application/graphql"},
        {"content_type": "application/jsonx"},
        {"content_type": "application/json, text/plain"},
        {"content_type": "application/json; charset=iso-8859-1"},
        {"content_type": "application/json; charset=utf-16"},
        {"content_type": "application/json; charset=utf-8; charset=utf-16"},
        {"content_encoding": "gzip"},
        {"content_encoding": "br"},
        {"content_encoding": "gzip, identity"},
    ],
    ids=lambda headers: ", ".join(f"{name} {value}" for name, value in headers.items()),
)
async def test_a_body_that_does_not_say_it_is_json_is_not_looked_at(
    poster: Poster, path: str, headers: dict[str, str | None]
) -> None:
    answer = await poster.send("POST", path, ASKED, **headers)

    assert answer.status_code == 415
    assert kind(answer) == JSON
    assert code(answer) == "MEDIA_TYPE_UNSUPPORTED"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
async def test_json_in_utf_8_may_be_called_so_in_several_ways(
    poster: Poster, content_type: str
) -> None:
    answer = await poster.post(ASKED, content_type=content_type, content_encoding="identity")

    assert answer.status_code == 200
