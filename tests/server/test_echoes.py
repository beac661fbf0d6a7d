"""Answers about what does not fit name the place and the kind, and never what was typed there."""

from __future__ import annotations

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from server.echoes import silenced

HUSH = "hush-918273"
SCHEMA = build_schema(
    """enum Language { EN } input Wish { count: Int! text: String! language: Language }
    type Query { ask(wish: Wish, text: String, count: Int, rate: Float, is: Boolean, id: ID): Int }
    """
)
DOCUMENTS = [
    f'{{ ask(text "{HUSH}") }}',
    f'{{ ask("{HUSH}") }}',
    f'{{ ask(text: """{HUSH}""" """{HUSH}""") }}',
    "{ ask(text: 12 918273) }",
    "{ ask(text: 918273) }",
    f'{{ ask(text: ["{HUSH}"], count: "{HUSH}", rate: "{HUSH}", is: "{HUSH}", id: ["{HUSH}"]) }}',
    f'{{ ask(wish: "{HUSH}") }}',
    f'{{ ask(wish: {{ text: "{HUSH}" }}) }}',
    f'{{ ask(wish: {{ count: 1, text: "{HUSH}", texts: "{HUSH}" }}) }}',
    f'{{ ask(wish: {{ count: 1, text: "{HUSH}", language: "{HUSH}" }}) }}',
    f'query ($text: Int = "{HUSH}") {{ ask(count: $text) }}',
    f'{{ ask(text: "{HUSH} }}',
]
VARIABLES: list[dict[str, object]] = [
    {"wish": HUSH},
    {"wish": {"text": HUSH}},
    {"wish": {"count": HUSH, "text": [HUSH]}},
    {"wish": {"count": 1, "text": HUSH, "texts": HUSH}},
    {"count": HUSH},
    {"text": {"text": HUSH}},
    {"text": 918273},
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_that_does_not_fit_is_not_quoted(document: str) -> None:
    try:
        errors = validate(SCHEMA, parse(document))
    except GraphQLError as error:
        errors = [error]

    told = [silenced(error.message) for error in errors]
    assert told
    assert all("hush" not in message and "918273" not in message for message in told), told
    assert all(message.endswith((".", "?")) for message in told), told


@pytest.mark.parametrize("variables", VARIABLES)
def test_a_variable_that_does_not_fit_is_not_quoted(variables: dict[str, object]) -> None:
    asked = parse("query ($wish: Wish, $count: Int, $text: String) { ask }").definitions[0]
    assert isinstance(asked, OperationDefinitionNode)

    errors = get_variable_values(SCHEMA, asked.variable_definitions or (), variables)

    assert isinstance(errors, list)
    told = [silenced(error.message) for error in errors]
    assert told
    assert all("hush" not in message and "918273" not in message for message in told), told


@pytest.mark.parametrize(
    "message",
    [
        "Cannot query field 'nothing' on type 'Query'.",
        "Syntax Error: Expected Name, found '}'.",
        "Variable '$input' of required type 'SignInInput!' was not provided.",
        "Variable '$input' has invalid value at .locale: Value 'en' does not exist in 'L' enum.",
    ],
)
def test_what_quotes_only_names_and_marks_stays_as_it_is(message: str) -> None:
    assert silenced(message) == message
