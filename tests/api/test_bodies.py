"""Bodies that are no request: each is refused in a few words, and none breaks anything."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from server.app import Front, application
from tests.api.posts import GRAPHQL, JSON, Poster, code, kind
from tests.moments import Clock

LONGEST_ANSWER_BYTES: Final = 20_000
QUERY: Final = '"query": "{ __typename }"'


@pytest.fixture
def poster(clock: Clock) -> Poster:
    """Reaches the application as far as one gets without a token: nothing is behind it."""
    return Poster(application(Front(clock=clock, livemode=False)))


def deep(opening: str, closing: str, levels: int) -> bytes:
    return b'{%s, "variables": {"a": %s%s}}' % (
        QUERY.encode(),
        opening.encode() * levels,
        closing.encode() * levels,
    )


def said(value: str) -> bytes:
    """A request with one variable, written as given."""
    return f'{{{QUERY}, "variables": {{"a": {value}}}}}'.encode()


BROKEN: Final = {
    "empty": b"",
    "blank": b"  \n",
    "cut off": b'{"query": "{ __type',
    "two of them": b"{%s} {%s}" % (QUERY.encode(), QUERY.encode()),
    "a comma too many": b"{%s,}" % QUERY.encode(),
    "single quotes": b"{'query': '{ __typename }'}",
    "a number": b"1",
    "a text": b'"{ __typename }"',
    "true": b"true",
    "null": b"null",
    "an empty list": b"[]",
    "a batch": b"[{%s}]" % QUERY.encode(),
    "a batch of a hundred": b"[%s]" % b",".join([b"{%s}" % QUERY.encode()] * 100),
    "an empty object": b"{}",
    "no query": b'{"qeury": "{ __typename }"}',
    "the document itself": b"{ __typename }",
    "a form": b"query=%7B__typename%7D",
    "latin-1": '{"query": "{ __typename } # \u00fc"}'.encode("latin-1"),
    "utf-16": f"{{{QUERY}}}".encode("utf-16"),
    "utf-16 without a mark": f"{{{QUERY}}}".encode("utf-16-le"),
    "utf-32": f"{{{QUERY}}}".encode("utf-32"),
    "half a character in bytes": b'{"query": "\xed\xa0\x80"}',
    "overlong": b'{"query": "\xc0\xaf"}',
    "half a character in the query": b'{"query": "{ __typename } # \\ud800"}',
    "half a character in a variable": said('"\\udfff"'),
    "half a character in a name": said('{"\\ud83d": 1}'),
    "null byte": b"{%s}\0" % QUERY.encode(),
    "null byte in a text": said('"a\0b"'),
    "NaN": said("NaN"),
    "Infinity": said("Infinity"),
    "-Infinity": said("-Infinity"),
    "5,000 digits": said("9" * 5_000),
    "minus 60,000 digits": said("-" + "9" * 60_000),
    "brackets": b"[" * 65_000,
    "closed brackets": deep("[", "]", 30_000),
    "braces": b'{"a":' * 13_000,
    "one query and another": b'{"query": "{ nope }", %s}' % QUERY.encode(),
    "one variable and another": b'{%s, "variables": {"a": 1, "a": 2}}' % QUERY.encode(),
    "an escaped double": b'{"\\u0071uery": "{ nope }", %s}' % QUERY.encode(),
}
NO_TEXTS: Final[tuple[Any, ...]] = (0, 1.5, False, {}, [], ["a"])
NO_OBJECTS: Final[tuple[Any, ...]] = ("text", 0, False, [], ["a"])
MEMBERS: Final[list[tuple[str, Any]]] = [
    *(("query", value) for value in (None, *NO_TEXTS)),
    *(("operationName", value) for value in NO_TEXTS),
    *(("variables", value) for value in NO_OBJECTS),
    *(("extensions", value) for value in NO_OBJECTS),
]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_a_body_that_cannot_be_read_is_refused_in_a_few_words(
    poster: Poster, body: bytes, accept: str
) -> None:
    answer = await poster.post(body, accept=accept)

    assert (answer.status_code, kind(answer), code(answer)) == (400, accept, "BAD_REQUEST")
    assert len(answer.content) < LONGEST_ANSWER_BYTES


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize(("member", "value"), MEMBERS)
async def test_a_member_of_another_type_is_refused(
    poster: Poster, member: str, value: Any, accept: str
) -> None:
    answer = await poster.post({"query": "{ __typename }", member: value}, accept=accept)

    assert (answer.status_code, kind(answer), code(answer)) == (400, accept, "BAD_REQUEST")


async def test_a_hundred_thousand_brackets_are_too_many_to_look_at(poster: Poster) -> None:
    answer = await poster.post(b"[" * 100_000)

    assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "extra",
    [
        {"id": "1", "doc_id": 7, "trace": [{}]},
        {"variables": None, "operationName": None, "extensions": None},
        {"variables": {}, "operationName": "", "extensions": {"any": {"thing": [1]}}},
        {"variables": {"never": "declared"}},
    ],
)
async def test_members_that_say_nothing_are_passed_over(
    poster: Poster, extra: dict[str, Any]
) -> None:
    answer = await poster.post({"query": "{ __typename }", **extra})

    assert answer.status_code == 200
    assert answer.json()["data"] == {"__typename": "Query"}
    assert "errors" not in answer.json()


@pytest.mark.parametrize(
    "query",
    [
        "{" * 60_000,
        "{a" * 15_000,
        "[" * 60_000,
        "{ a(b: " + "[" * 30_000 + "]" * 30_000 + ") }",
        "query ($a: " + "[" * 30_000 + "Int" + "]" * 30_000 + ") { a }",
        "{ a } " * 10_000,
        "{ " + "a " * 25_000 + "}",
        "{ __typename " + "@aa " * 500 + "}",
        "{ __typename " + "@include(if: true) " * 60 + "}",
        "{ nope(a: " + "9" * 60_000 + ") }",
        '{ nope(a: "' + "x" * 60_000 + '") }',
        "{ " + "n" * 60_000 + " }",
        "{ ..." + "n" * 60_000 + " }",
        "{ " + " ".join(f"{'n' * 5_000}{number}" for number in range(11)) + " }",
        "query ($a: " + "N" * 60_000 + ") { __typename }",
        "\ufeff" * 20_000,
        "# " * 30_000,
    ],
    ids=lambda query: f"{query[:24]}...",
)
async def test_a_document_made_to_tire_the_reader_is_refused_in_a_few_words(
    poster: Poster, query: str
) -> None:
    answer = await poster.post(json.dumps({"query": query}, ensure_ascii=False).encode())

    assert answer.status_code == 200
    assert code(answer) in {"DOCUMENT_INVALID", "LIMIT_EXCEEDED"}
    assert len(answer.content) < LONGEST_ANSWER_BYTES


@pytest.mark.parametrize(
    "query",
    [
        "query ($value: ID!) { wallet(id: $value) { id } }",
        "query ($value: Boolean!) { __typename @include(if: $value) }",
        "mutation ($value: CancelTransferInput!) { cancelTransfer(input: $value) { __typename } }",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        "x" * 60_000,
        ["x"] * 10_000,
        {"x" * 60_000: 1},
        {f"{number}": 1 for number in range(5_000)},
        {"transferId": "x" * 30_000, "more": {f"{number}": 1 for number in range(2_000)}},
        10**4_000,
    ],
    ids=["a long text", "a long list", "a long name", "many names", "both", "a long number"],
)
async def test_a_variable_that_does_not_fit_is_refused_in_a_few_words(
    poster: Poster, query: str, value: Any
) -> None:
    answer = await poster.post({"query": query, "variables": {"value": value}})

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] in {
        "VARIABLES_INVALID",
        "UNAUTHENTICATED",
    }
    assert len(answer.content) < LONGEST_ANSWER_BYTES
