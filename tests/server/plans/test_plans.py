"""Plans answer what graphql-core answers: the same data, the same errors at the same places."""

from __future__ import annotations

import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    execute,
    get_named_type,
    is_composite_type,
    parse,
    subscribe,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.context import Context
from server.plans import Planner
from tests.server.plans.towns import schema

PLANNER = Planner(schema)


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """graphql-core leaves coroutines behind when a field beside them fails: they end here."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@dataclass
class Surroundings:
    word: str = "hello"
    heard: list[str] = field(default_factory=list)


async def planned(text: str, variables: dict[str, Any]) -> ExecutionResult | None:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    plan = PLANNER.plan(document, operation)
    context = cast("Context", Surroundings())
    return None if plan is None else await plan.run(context, variables)


async def executed(text: str, variables: dict[str, Any]) -> ExecutionResult:
    answer = execute(
        schema._schema,
        parse(text),
        context_value=Surroundings(),
        variable_values=variables,
        executor_class=schema.execution_context_class,
        operation_extensions=None,
        hide_suggestions=True,
    )
    return answer if isinstance(answer, ExecutionResult) else await answer


def told(result: ExecutionResult) -> tuple[Any, list[str]]:
    """Data in its order, and errors in none: what runs at once may end in any."""
    assert result.data is None or list(result.data)
    return repr(result.data), sorted(str(error.formatted) for error in result.errors or [])


async def compare(text: str, **variables: Any) -> ExecutionResult:
    document = parse(text)
    assert validate(schema._schema, document) == []

    ours, theirs = await planned(text, variables), await executed(text, variables)

    assert ours is not None
    assert told(ours) == told(theirs)
    return ours


@pytest.mark.parametrize(
    "text",
    [
        "{ all { __typename ... on Cat { name lives mood } ... on Dog { name barks } } }",
        "{ all { ... on Resident { name neighbour { name tail } } } }",
        "{ all { ...a ...b } } fragment a on Cat { name purr } fragment b on Dog { tail(wags: 2) }",
        "{ all { ... on Cat { name hiss } } }",
        "{ residents { name kind: __typename neighbour { name neighbour { barks } } } }",
        "{ residents { name ... on Cat { purr } ... on Dog { tail(wags: 9) } } }",
        "{ holes { name } }",
        "{ holes { purr hiss } }",
        "{ gaps { name } }",
        "{ never { name } }",
        "{ a: maybe(there: true) { ... on Cat { lives } } b: maybe(there: false) { __typename } }",
        "{ maybe(there: true) { ... on Cat { hiss } } box { labels content { mood name } } }",
        "{ broken { name lives } }",
        "{ broken { name } broken { purr } x: broken { name name } }",
        "{ box { content { name } } box { content { lives } labels } }",
        "{ boxes { content { name tail(wags: 3) } labels } }",
        '{ echo(where: {street: "a", floor: 3}) }',
        '{ echo(where: {street: "a", near: [{street: "b"}], mood: LOUD}, more: [CALM, LOUD]) }',
        '{ echo(where: {street: "a", near: null, tags: ["x"]}, more: null) }',
        "{ odd a: odd(n: 2) b: odd(n: null) c: odd(n: 5) }",
        'mutation { a: say(word: "one") b: say(word: "two") c: say(word: "three") }',
        'mutation { a: say(word: "one") b: say(word: "boom") c: say(word: "three") }',
    ],
)
async def test_a_plan_answers_as_graphql_core_does(text: str) -> None:
    await compare(text)


@pytest.mark.parametrize(
    "variables",
    [
        {"where": {"street": "a"}},
        {"where": {"street": "a", "floor": 4, "mood": "LOUD"}, "n": 4},
        {"where": {"street": "a", "near": [{"street": "b", "near": [{"street": "c"}]}]}, "n": None},
        {"where": {"street": 3}},
        {"where": {"street": "a", "house": 1}},
        {"where": None},
        {},
        {"where": {"street": "a"}, "n": "two"},
        {"where": {"street": "a"}, "moods": "CALM"},
        {"where": {"street": "a"}, "moods": ["CALM", "SAD"]},
    ],
)
async def test_variables_are_taken_as_graphql_core_takes_them(variables: dict[str, Any]) -> None:
    await compare(
        "query ($where: Where!, $n: Int = 6, $moods: [Mood!]) "
        "{ echo(where: $where, more: $moods) odd(n: $n) }",
        **variables,
    )


async def test_a_null_where_none_may_be_is_an_error_of_its_field() -> None:
    text = "query ($where: Where!) { echo(where: $where) }"
    where = {"street": "a", "floor": None}

    ours, theirs = await planned(text, {"where": where}), await executed(text, {"where": where})

    assert ours
    assert ours.data is theirs.data is None
    assert [error.path for error in ours.errors or ()] == [["echo"]]
    assert [error.path for error in theirs.errors or ()] == [["echo"]]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("subscription { passers { ... on Cat { lives purr } ... on Dog { tail } } }", {}),
        ("subscription { passers { ... on Cat { name hiss } ... on Dog { barks } } }", {}),
        ("subscription ($how: String!) { p: passers(ends: $how) { __typename } }", {"how": "well"}),
        ("subscription ($how: String!) { p: passers(ends: $how) { __typename } }", {"how": 3}),
    ],
)
async def test_each_event_is_told_as_graphql_core_tells_it(
    text: str, variables: dict[str, Any]
) -> None:
    document = parse(text)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    plan = PLANNER.plan(document, operation)
    assert plan is not None

    ours = [told(each) async for each in plan.follow(cast("Context", Surroundings()), variables)]

    following = subscribe(
        schema._schema, document, context_value=Surroundings(), variable_values=variables
    )
    if not isinstance(following, ExecutionResult | AsyncIterator):
        following = await following
    if isinstance(following, ExecutionResult):
        assert ours == [told(following)]
    else:
        assert ours == [told(each) async for each in following]


async def test_what_ends_a_stream_badly_ends_it() -> None:
    document = parse('subscription { passers(ends: "badly") { __typename } }')
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    plan = PLANNER.plan(document, operation)
    assert plan is not None
    heard: list[ExecutionResult] = []

    async def listen() -> None:
        async for each in plan.follow(cast("Context", Surroundings()), {}):
            heard.append(each)  # noqa: PERF401 - what came before the end counts

    with pytest.raises(GraphQLError, match="gone"):
        await listen()

    assert len(heard) == 3


async def test_what_changes_something_changes_it_in_the_order_asked() -> None:
    words = " ".join(f'w{number}: say(word: "{number}")' for number in range(5))

    answer = await compare(f"mutation {{ {words} }}")

    assert answer.data
    assert answer.data["w4"] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Cat") { name } }',
        "query ($yes: Boolean!) { odd(n: 2) @include(if: $yes) }",
        "query ($yes: Boolean!) { ... @skip(if: $yes) { odd(n: 2) } }",
        "query ($yes: Boolean!) { all { ...f @skip(if: $yes) } } fragment f on Cat { name }",
    ],
)
async def test_what_plans_do_not_reach_has_none(text: str) -> None:
    assert await planned(text, {}) is None


_ARGUMENTS = {
    "maybe": ["(there: true)", "(there: false)"],
    "echo": ['(where: {street: "x", floor: 1})'],
    "odd": ["", "(n: 2)", "(n: 3)", "(n: null)"],
    "tail": ["", "(wags: 2)", "(wags: 6)"],
}


@st.composite
def selections(draw: st.DrawFn, kind: Any, depth: int) -> str:
    """Any valid selection of a type: fields, aliases, fragments, all that can go wrong."""
    parts: list[str] = ["__typename"] if draw(st.booleans()) else []
    if isinstance(kind, GraphQLObjectType) or hasattr(kind, "fields"):
        names = draw(st.lists(st.sampled_from(sorted(kind.fields)), max_size=4))
        for number, name in enumerate(names):
            inner = get_named_type(kind.fields[name].type)
            if is_composite_type(inner) and depth == 0:
                continue
            words = draw(st.sampled_from(_ARGUMENTS.get(name, [""])))
            below = draw(selections(inner, depth - 1)) if is_composite_type(inner) else ""
            parts.append(f"{name}_{depth}_{number}_{len(parts)}: {name}{words} {below}")
    if not isinstance(kind, GraphQLObjectType) and depth:
        parts += [
            f"... on {possible.name} {draw(selections(possible, depth - 1))}"
            for possible in schema._schema.get_possible_types(kind)
            if draw(st.booleans())
        ]
    return "{ " + " ".join(parts or ["__typename"]) + " }"


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(max_examples=150, deadline=None)
@given(st.data())
async def test_any_document_is_answered_alike(data: st.DataObject) -> None:
    text = data.draw(selections(schema._schema.query_type, 4))

    ours, theirs = await planned(text, {}), await executed(text, {})

    # Of several errors that leave their owner missing it is left open which are told.
    assert ours is not None
    assert repr(ours.data) == repr(theirs.data)
    assert bool(ours.errors) is bool(theirs.errors)
