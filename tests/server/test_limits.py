"""What one operation may ask, and what it is said to cost."""

from __future__ import annotations

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from server import limits
from server.api import public_schema
from server.documents import Document, Documents, Operation, Refused

SCHEMA = public_schema._schema
CYCLE = "wallet { owner { wallets { owner { wallets { id } } } } }"


def read(text: str) -> Document:
    return Documents(public_schema).read(text)


def only(text: str) -> Operation:
    return read(text).operation(None)


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read(text)
    error = refused.value.errors[0]
    assert error.extensions
    return error.extensions["code"], error.message


def nested(levels: int) -> str:
    return "{ me " + "{ wallets { movements { edges { node { id " * levels


def page(first: str, inside: str) -> str:
    rows = f"movements(first: {first}) {{ edges {{ node {{ {inside} }} }} }}"
    return f'{{ wallet(id: "w") {{ {rows} }} }}'


def test_a_page_costs_its_size_times_what_each_row_asks() -> None:
    row = "id amount { amountMinor } counterparty { name }"

    assert only("{ me { displayName } }").cost({}) == 1
    assert only(page("1", row)).cost({}) == 2 + 1 * (1 + 1 + 2)
    assert only(page("20", row)).cost({}) == 2 + 20 * (1 + 1 + 2)
    assert only(page("100", row)).cost({}) == 2 + 100 * (1 + 1 + 2)


def test_a_page_whose_size_a_variable_says_costs_what_it_says() -> None:
    words = page("$size", "id")
    open_ended = only("query ($size: Int!) " + words)
    with_default = only("query ($size: Int! = 7) " + words)

    assert open_ended.cost({"size": 3}) == 2 + 3 * 2
    assert with_default.cost({}) == 2 + 7 * 2
    assert with_default.cost({"size": 3}) == 2 + 3 * 2
    nonsense: list[object] = [None, -1, 0, 101, 10**30, "3", True, 2.0, []]
    for size in nonsense:
        assert open_ended.cost({"size": size}) == 2 + 100 * 2


def test_what_is_dear_to_answer_costs_more() -> None:
    cheap = only('mutation { refreshSession(input: {refreshToken: "x"}) { __typename } }')
    dear = only('mutation { signIn(input: {name: "a", password: "b"}) { __typename } }')

    assert cheap.cost({}) == 1
    assert dear.cost({}) == 50


def test_a_fragment_spread_often_is_counted_as_often_as_it_is_spread() -> None:
    fragment = "fragment row on Transfer { id amount { amountMinor } }"
    once = only(page("10", "... row") + fragment)
    thrice = only(page("10", "... row ... row ... on Transfer { ... row }") + fragment)

    assert once.cost({}) == 2 + 10 * (1 + 1 + 1)
    assert thrice.cost({}) == 2 + 10 * (1 + 1 + 3)


@pytest.mark.parametrize("count", [24, 200])
def test_a_fragment_bomb_is_refused_without_being_unfolded(count: int) -> None:
    fragments = [
        f"fragment f{number} on Query {{ ...f{number + 1} ...f{number + 1} }}"
        for number in range(count)
    ]
    bomb = " ".join(["{ ...f0 }", *fragments, f"fragment f{count} on Query {{ me {{ id }} }}"])

    code, _ = refusal(bomb)

    assert code == "LIMIT_EXCEEDED"


def test_fragments_that_spread_each_other_are_refused() -> None:
    code, message = refusal("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")

    assert (code, "itself" in message) == ("DOCUMENT_INVALID", True)


@pytest.mark.parametrize(
    ("text", "of"),
    [
        (nested(3) + "}" * 16, "levels deep"),
        ("{ ...deep } fragment deep on Query " + nested(3) + "}" * 16, "levels deep"),
        ("{" + " ".join(f"a{n}: me {{ id }}" for n in range(16)) + "}", "aliases"),
        ("{ me { ... on Person {" + " ".join(f"a{n}: id" for n in range(16)) + "} } }", "aliases"),
        ("{" + "me { id } " * 21 + "}", "root fields"),
        ("mutation {" + " ".join("signOut { __typename }" for _ in range(6)) + "}", "root fields"),
        ("{ me { id " + "@aa" * 500 + " } }", "directives"),
        ("{ me { id " + "@include(if: true)" * 60 + " } }", "directives"),
        ("{" + "a " * 5_000 + "}", "tokens"),
        ("{a" * 900, "nested too deeply"),
        ("{a" * 30 + "}" * 30, "levels deep"),
    ],
)
def test_what_asks_too_much_is_refused_before_anything_is_answered(text: str, of: str) -> None:
    code, message = refusal(text)

    assert code == "LIMIT_EXCEEDED"
    assert of in message


def test_an_honest_screen_is_far_from_every_limit() -> None:
    screen = only(
        """query Screen($first: Int! = 20) {
          me { id displayName wallets { id currency balance { available { amountMinor display } }
            movements(first: $first) { pageInfo { hasNextPage endCursor } edges { cursor node {
              __typename id status createdAt direction amount { amountMinor currency }
              counterparty { name } failure { code title detail nextStep }
          } } } } }
        }"""
    )

    assert screen.cost({}) < limits.POINTS / 10
    assert not limits.excesses(screen.node, screen.weight)


def test_no_more_than_ten_errors_come_back_without_hints() -> None:
    with pytest.raises(Refused) as refused:
        read("{ me { " + " ".join(f"displayNam{n}" for n in range(300)) + " } }")

    assert len(refused.value.errors) == 10
    assert "Did you mean" not in str(refused.value.errors)


def test_looking_round_in_the_schema_in_circles_is_refused() -> None:
    circles = (
        "{ __schema { types " + "{ fields { type { fields { type " * 3 + "{ name }" + "} } } }" * 3
    )
    code, _ = refusal(circles + " } }")

    assert code in {"DOCUMENT_INVALID", "LIMIT_EXCEEDED"}


def test_documents_read_last_are_remembered_and_no_more_than_a_mebibyte_of_them() -> None:
    documents = Documents(public_schema)
    first = documents.read("{ me { id } }")
    texts = [f"{{ me {{ id }} }} #{number}{'x' * 60_000}" for number in range(20)]
    for text in texts:
        documents.read(text)

    assert first.operations
    assert documents.known("{ me { id } }") is None
    assert documents.known(texts[0]) is None
    assert documents.known(texts[-1]) is not None


@given(
    st.recursive(
        st.just("id"),
        lambda inside: st.lists(inside, min_size=1, max_size=3).map(
            lambda parts: "wallets { " + " ".join(parts) + " }"
        ),
        max_leaves=12,
    )
)
def test_the_weight_of_a_document_does_not_depend_on_how_it_is_cut_into_fragments(
    inside: str,
) -> None:
    whole = parse(f"{{ me {{ {inside} {inside} }} }}")
    cut = parse(
        "{ ...f } fragment f on Query { me { ...g ...g } } "
        f"fragment g on Person {{ {inside} }}"
    )

    [one], [other] = limits.weighed(SCHEMA, whole), limits.weighed(SCHEMA, cut)

    assert (one.points, one.depth, one.aliases) == (other.points, other.depth, other.aliases)
