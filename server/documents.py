"""Documents as they come in: parsed, weighed and validated once, and remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from server import errors, limits
from server.limits import Weight
from server.plans import Plan, Planner

TOKENS: Final = 2_000
ERRORS_SHOWN: Final = 10
CHARACTERS_KEPT: Final = 2**20

_TOO_DEEP: Final = "This document is nested too deeply."

# Strawberry's own two are what makes its `Maybe` and `one_of` inputs mean what they say.
_RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, ready to be run."""

    node: OperationDefinitionNode
    weight: Weight
    defaults: Mapping[str, int]
    looks_at_schema: bool
    plan: Plan | None
    kind: str = field(init=False)
    """query, mutation or subscription."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", self.node.operation.value)

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @property
    def is_subscription(self) -> bool:
        return self.node.operation is OperationType.SUBSCRIPTION

    def cost(self, variables: Mapping[str, Any]) -> int:
        """Points for running it with these variables, at least one."""
        weight = self.weight
        pages = weight.cost({**self.defaults, **variables}) if weight.pages else weight.points
        return max(1, pages)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is valid, with its operations by name (None where there is none)."""

    node: DocumentNode
    operations: Mapping[str | None, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation that is meant.

        Raises:
            GraphQLError: none is called so, or it is not said which of several is meant.
        """
        if name is None and len(self.operations) > 1:
            raise errors.no(
                "OPERATION_NAME_REQUIRED", "Say by operationName which operation is meant."
            )
        if name is None:
            return next(iter(self.operations.values()))
        if name not in self.operations:
            raise errors.no("OPERATION_UNKNOWN", "No operation of this document is called so.")
        return self.operations[name]


class Refused(Exception):
    """A document that is not run, and why not."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class Documents:
    """The documents of one schema; those asked for last are remembered, up to a mebibyte."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema._schema
        self._planner = Planner(schema)
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def known(self, text: str) -> Document | None:
        """The document, if it need not be read again."""
        document = self._known.get(text)
        if document is not None:
            self._known.move_to_end(text)
        return document

    def read(self, text: str) -> Document:
        """The document, remembered from here on.

        Raises:
            Refused: it cannot be read, asks too much, or does not fit the schema.
        """
        try:
            document = _read(self._schema, self._planner, text)
        except RecursionError:
            raise Refused([limits.excess(_TOO_DEEP)]) from None
        self._known[text] = document
        self._characters += len(text)
        while self._characters > CHARACTERS_KEPT:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)
        return document


def _read(schema: GraphQLSchema, planner: Planner, text: str) -> Document:
    try:
        node = parse(text, max_lexical_tokens=TOKENS)
    except GraphQLSyntaxError as error:
        raise Refused([_syntax(error)]) from None
    found = list(limits.operations(node))
    if not found:
        raise Refused([errors.no("DOCUMENT_INVALID", "This document has no operation.")])
    weights = limits.weighed(schema, node)
    # Before validation, which takes longer the more is asked.
    pairs = zip(found, weights, strict=True)
    faults = [error for each, weight in pairs for error in limits.excesses(each, weight)]
    faults = faults or validate(
        schema, node, _RULES, max_errors=ERRORS_SHOWN, hide_suggestions=True
    )
    if faults:
        raise Refused([_coded(error) for error in faults[:ERRORS_SHOWN]])
    looks = _looks_at_schema(node)
    operations = [
        Operation(each, weight, _defaults(each), looks, planner.plan(node, each))
        for each, weight in zip(found, weights, strict=True)
    ]
    return Document(node, {each.name: each for each in operations})


def _syntax(error: GraphQLSyntaxError) -> GraphQLError:
    # Its parser knows the two limits only as errors of syntax.
    if error.message.endswith("tokens. Parsing aborted."):
        return limits.excess(f"This document has more than {TOKENS} tokens.")
    if error.message.endswith("nested too deeply. Parsing aborted."):
        return limits.excess(_TOO_DEEP)
    return _coded(error)


def _coded(error: GraphQLError) -> GraphQLError:
    if not error.extensions:
        error.extensions = {"code": "DOCUMENT_INVALID"}
    return error


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """What variables say that are not given, as far as a page may be that long."""
    return {
        definition.variable.name.value: limits.whole(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }


def _looks_at_schema(document: DocumentNode) -> bool:
    looks = _SchemaLooks()
    visit(document, looks)
    return looks.found


class _SchemaLooks(Visitor):
    """Whether a document asks about the schema, anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.name.value in {"__schema", "__type"}
