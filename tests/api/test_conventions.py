"""What holds for every operation, whichever it is and whichever wire it comes by."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from graphql import GraphQLObjectType, GraphQLSchema, GraphQLUnionType
from starlette.applications import Starlette

from server.api import desk_schema, public_schema
from server.app import Front, application
from tests.api.clients import Asker, served
from tests.api.conftest import Moving
from tests.moments import Clock

SCHEMAS = {"public": public_schema._schema, "desk": desk_schema._schema}


async def test_several_operations_without_a_name_are_refused(app: Starlette) -> None:
    asker = Asker(app)

    assert await asker.code("query a { __typename } query b { __typename }") == (
        "OPERATION_NAME_REQUIRED"
    )


async def test_one_of_several_operations_is_done_when_it_is_named(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    document = "query a { me { id } } query b { me { accountName } }"

    assert await ada.asker.data(document, operation="b") == {"accountName": "ada"}


async def test_a_document_that_does_not_fit_is_a_coded_error_without_hints(app: Starlette) -> None:
    answer = await Asker(app).answer("{ mee { id } }")

    assert answer["errors"][0]["extensions"] == {"code": "DOCUMENT_INVALID"}
    assert "Did you mean" not in answer["errors"][0]["message"]


async def test_what_breaks_inside_is_masked_and_has_a_number(
    app: Starlette, resident: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await resident("ada")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("models.people.Person.get", broken)
    answer = await ada.asker.answer("{ me { id } }")

    [error] = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert len(error["extensions"]["requestId"]) == 32
    assert "hunter2" not in str(answer)


@pytest.mark.parametrize("livemode", [True, False])
async def test_strangers_see_the_schema_only_where_nothing_is_real(
    database: object, clock: Clock, livemode: bool
) -> None:
    app = application(Front(clock=clock, livemode=livemode))
    answer = await Asker(app).answer(
        "query { ...hidden } fragment hidden on Query { __schema { queryType { name } } }"
    )

    assert ("errors" in answer) is livemode


async def test_nothing_is_answered_to_get_and_nothing_from_a_foreign_page(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as http:
        got = await http.get("/graphql", params={"query": "{ __typename }"})
        text = await http.post("/graphql", content='{"query": "{ __typename }"}')
        token = await http.post(
            f"/graphql?access_token={ada.tokens.access}", json={"query": "{ me { id } }"}
        )

    assert got.status_code == 405
    assert text.status_code == 415
    assert token.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_events_also_come_by_plain_http(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada", holds=500)
    document = f"""subscription {{ walletEvents(walletId: "{ada.wallet_id}", after: 0) {{
        ... on MovementChanged {{ seq }} }} }}"""

    async with (
        served(app) as address,
        httpx2.AsyncClient() as http,
        http.stream(
            "POST",
            f"http://{address}/graphql",
            json={"query": document},
            headers={
                "accept": "text/event-stream",
                "authorization": f"Bearer {ada.tokens.access}",
            },
        ) as answer,
    ):
        lines = answer.aiter_lines()
        data = [line async for line in _until_data(lines)]

    assert json.loads(data[-1])["data"] == {"walletEvents": {"seq": 1}}


async def _until_data(lines: Any) -> Any:
    async for line in lines:
        if line.startswith("data: {"):
            yield line.removeprefix("data: ")
            return


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_mutation_has_one_input_and_answers_with_one_union(name: str) -> None:
    mutation = SCHEMAS[name].mutation_type
    assert mutation is not None

    for verb, field in mutation.fields.items():
        assert list(field.args) in (["input"], []), verb
        if field.args:
            result = field.type.of_type
            assert isinstance(result, GraphQLUnionType), verb
            assert result.name == f"{verb[0].upper()}{verb[1:]}Result"
            assert not _is_problem(result.types[0]), f"{verb}: success comes first"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_verb_that_moves_money_takes_a_key(name: str) -> None:
    schema: GraphQLSchema = SCHEMAS[name]
    mutation = schema.mutation_type
    assert mutation is not None

    for verb, field in mutation.fields.items():
        if verb.startswith(("confirm", "cancel", "topUp", "capture", "refund", "void")):
            words = field.args["input"].type.of_type
            assert str(words.fields["idempotencyKey"].type) == "ID!", verb


def _is_problem(type_: GraphQLObjectType) -> bool:
    return any(interface.name == "Problem" for interface in type_.interfaces)
