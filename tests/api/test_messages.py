"""Messages on sockets: nothing is let through that a post would not be, nor breaks anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from realtime import bus
from server.app import Front, application
from tests.api.clients import served
from tests.api.posts import GRAPHQL, Poster, code
from tests.api.talkers import Talker
from tests.moments import Clock

DOUBLING: Final = " ".join(
    f"fragment f{number} on Query {{ ...f{number + 1} ...f{number + 1} }}" for number in range(24)
)
NODE: Final = "amount { display } counterparty { name } failure { code }"
CIRCLE: Final = "type { fields { " * 4
PAGES: Final = " ".join(
    f"p{each}: movements(first: 100) {{ edges {{ node {{ {NODE} }} }} }}" for each in range(15)
)
REFUSED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "nothing": ("DOCUMENT_INVALID", {"query": ""}),
    "syntax": ("DOCUMENT_INVALID", {"query": "{"}),
    "null byte": ("DOCUMENT_INVALID", {"query": "{ __typename \0 }"}),
    "no such field": ("DOCUMENT_INVALID", {"query": "{ nope }"}),
    "a near miss": ("DOCUMENT_INVALID", {"query": "{ mee { id } }"}),
    "no operation": ("DOCUMENT_INVALID", {"query": "fragment f on Query { __typename }"}),
    "a fragment in itself": (
        "DOCUMENT_INVALID",
        {"query": "{ ...f } fragment f on Query { ...f }"},
    ),
    "unnamed ones": ("DOCUMENT_INVALID", {"query": "{ __typename } { __typename }"}),
    "two subscriptions in one": (
        "DOCUMENT_INVALID",
        {
            "query": 'subscription { a: walletEvents(walletId: "w") { __typename } '
            'b: walletEvents(walletId: "w") { __typename } }'
        },
    ),
    "introspection in a circle": (
        "DOCUMENT_INVALID",
        {"query": "{ __schema { types { fields { " + CIRCLE + "name" + " } }" * 4 + " } } } }"},
    ),
    "depth": ("LIMIT_EXCEEDED", {"query": "{ me { wallets " * 20 + "{ id }" + " } }" * 20}),
    "depth by fragments": (
        "LIMIT_EXCEEDED",
        {
            "query": "{ me { ...f0 } } "
            + " ".join(
                f"fragment f{each} on Me {{ wallets {{ owner {{ ...f{each + 1} }} }} }}"
                for each in range(20)
            )
            + " fragment f20 on Me { id }"
        },
    ),
    "depth in a subscription": (
        "LIMIT_EXCEEDED",
        {
            "query": 'subscription { walletEvents(walletId: "w") { '
            + "movement { " * 20
            + "id"
            + " }" * 22
        },
    ),
    "aliases": (
        "LIMIT_EXCEEDED",
        {"query": "{ " + " ".join(f"a{each}: __typename" for each in range(101)) + " }"},
    ),
    "root fields": ("LIMIT_EXCEEDED", {"query": "{ " + "__typename " * 30 + "}"}),
    "mutations": ("LIMIT_EXCEEDED", {"query": "mutation { " + "signOut { endedAt } " * 30 + "}"}),
    "a fragment bomb": (
        "LIMIT_EXCEEDED",
        {"query": f"{{ ...f0 }} {DOUBLING} fragment f24 on Query {{ __typename }}"},
    ),
    "tokens": ("LIMIT_EXCEEDED", {"query": "{ " + "__typename " * 5_000 + "}"}),
    "levels": ("LIMIT_EXCEEDED", {"query": "{ a " * 3_000 + "}" * 3_000}),
    "a thousand operations": (
        "LIMIT_EXCEEDED",
        {
            "query": " ".join(f"query q{each} {{ __typename }}" for each in range(1_000)),
            "operationName": "q0",
        },
    ),
    "unknown directives": ("LIMIT_EXCEEDED", {"query": "{ __typename " + "@aa " * 500 + "}"}),
    "directives": (
        "LIMIT_EXCEEDED",
        {"query": "{ __typename " + "@include(if: true) " * 60 + "}"},
    ),
    "cost": ("LIMIT_EXCEEDED", {"query": f'{{ wallet(id: "w") {{ {PAGES} }} }}'}),
    "which of two": (
        "OPERATION_NAME_REQUIRED",
        {"query": "query A { __typename } query B { __typename }"},
    ),
    "another name": (
        "OPERATION_UNKNOWN",
        {"query": "query A { __typename }", "operationName": "B"},
    ),
    "a variable missing": (
        "VARIABLES_INVALID",
        {"query": "query ($id: ID!) { wallet(id: $id) { id } }"},
    ),
    "a variable of another type": (
        "VARIABLES_INVALID",
        {"query": "query ($id: ID!) { wallet(id: $id) { id } }", "variables": {"id": [1]}},
    ),
}


@pytest.fixture(scope="module")
def app() -> Starlette:
    """The application as far as one gets without a token: nothing is behind it."""
    return application(Front(clock=Clock(), livemode=False))


@pytest.fixture(scope="module")
async def address(app: Starlette) -> AsyncIterator[str]:
    async with bus.MemoryBus() as memory:
        bus.install(memory)
        try:
            async with served(app) as address:
                yield address
        finally:
            bus.install(None)


@pytest.mark.parametrize(("reason", "asked"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_by_post_is_refused_by_a_socket_in_the_same_words(
    app: Starlette, address: str, reason: str, asked: dict[str, Any]
) -> None:
    posted = await Poster(app).post(asked, accept=GRAPHQL)
    async with Talker.open(address) as talker:
        await talker.subscribe("one", asked)
        told = await talker.hear()
        await talker.subscribe("one", {"query": "{ __typename }"})
        still = [await talker.hear(), await talker.hear()]

    assert posted.status_code == 400
    assert code(posted) == reason
    assert told == {"id": "one", "type": "error", "payload": posted.json()["errors"]}
    assert "Did you mean" not in posted.text
    assert [message["type"] for message in still] == ["next", "complete"]


NO_MESSAGES: Final[dict[str, Any]] = {
    "a number": "1",
    "null": "null",
    "a text": '"ping"',
    "a list": "[]",
    "nothing": "",
    "half": '{"type": "pi',
    "bytes": b'{"type": "ping"}',
    "no type": {},
    "a type that is none": {"type": ["ping"]},
    "an unknown type": {"type": "start", "id": "1", "payload": {"query": "{ __typename }"}},
    "no id": {"type": "subscribe", "payload": {"query": "{ __typename }"}},
    "an id that is none": {"type": "subscribe", "id": [], "payload": {"query": "{ __typename }"}},
    "an empty id": {"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}},
    "a long id": {"type": "subscribe", "id": "x" * 60_000, "payload": {"query": "{ __typename }"}},
    "a complete of none": {"type": "complete", "id": {}},
    "no payload": {"type": "subscribe", "id": "1"},
    "a payload that is none": {"type": "subscribe", "id": "1", "payload": "{ __typename }"},
    "no query": {"type": "subscribe", "id": "1", "payload": {"variables": {}}},
    "a query that is none": {"type": "subscribe", "id": "1", "payload": {"query": 7}},
    "variables that are none": {
        "type": "subscribe",
        "id": "1",
        "payload": {"query": "{ __typename }", "variables": []},
    },
    "a name that is none": {
        "type": "subscribe",
        "id": "1",
        "payload": {"query": "{ __typename }", "operationName": {}},
    },
    "NaN": '{"type": "ping", "payload": {"a": NaN}}',
    "5,000 digits": '{"type": "ping", "payload": {"a": ' + "9" * 5_000 + "}}",
    "half a character": '{"type": "ping", "payload": {"a": "\\ud800"}}',
    "brackets": "[" * 60_000,
    "closed brackets": '{"type": "ping", "payload": {"a": ' + "[" * 20_000 + "]" * 20_000 + "}}",
    "one type and another": '{"type": "ping", "type": "pong"}',
}


@pytest.mark.parametrize("message", NO_MESSAGES.values(), ids=NO_MESSAGES)
async def test_what_is_no_message_closes_its_socket_and_no_other(
    address: str, message: Any
) -> None:
    async with Talker.open(address) as other, Talker.open(address) as talker:
        await talker.say(message)
        end = await talker.end()
        await other.say({"type": "ping"})
        answer = await other.hear()

    assert end == 4400
    assert answer == {"type": "pong"}


@pytest.mark.parametrize("payload", ["Bearer", 7, [], True])
async def test_a_beginning_with_something_that_is_no_object_is_no_beginning(
    address: str, payload: Any
) -> None:
    async with Talker.connect(address) as talker:
        await talker.say({"type": "connection_init", "payload": payload})
        end = await talker.end()

    assert end == 4400


@pytest.mark.parametrize("protocol", ["graphql-ws", "mqtt"])
async def test_another_protocol_is_not_spoken(address: str, protocol: str) -> None:
    async with Talker.connect(address, protocol) as talker:
        end = await talker.end()

    assert end == 4406


async def test_ending_what_never_began_or_has_ended_does_no_harm(address: str) -> None:
    async with Talker.open(address) as talker:
        await talker.say({"type": "complete", "id": "never"})
        await talker.subscribe("one", {"query": "{ __typename }"})
        heard = [await talker.hear(), await talker.hear()]
        await talker.say({"type": "complete", "id": "one"})
        await talker.say({"type": "pong"})
        await talker.say({"type": "ping", "payload": {"any": "thing"}})
        pong = await talker.hear()

    assert [message["type"] for message in heard] == ["next", "complete"]
    assert pong["type"] == "pong"
