"""A whole operation of a document, planned."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_variable_values,
    is_abstract_type,
    is_leaf_type,
)
from strawberry import Info
from strawberry.schema import Schema

from schema.context import Context
from server.plans.fields import Ask, Field, Run, asking
from server.plans.inputs import Inputs, Unplanned
from server.plans.values import Items, Leaf, Name, Nullable, Object, OneOf, Required, Value

MAX_COERCION_ERRORS: Final = 50
MAX_FIELDS: Final = 2_000
"""Of one plan, over all types a value may have: types within types multiply."""

_ITSELF: Final = Ask(lambda source, _: source, is_async=False)


class Plan:
    """One operation of a document that is valid."""

    def __init__(
        self,
        schema: Schema,
        operation: OperationDefinitionNode,
        root: Object,
        source: Ask | None = None,
    ) -> None:
        self._schema = schema._schema
        self._variables = operation.variable_definitions or ()
        self._is_mutation = operation.operation is OperationType.MUTATION
        self._root = root
        self._source = source

    async def run(self, context: Context, variables: dict[str, Any]) -> ExecutionResult:
        """What graphql-core's `execute` would answer to a query or a mutation."""
        run = self._begun(context, variables)
        return run if isinstance(run, ExecutionResult) else await self._answered(None, run)

    async def follow(
        self, context: Context, variables: dict[str, Any]
    ) -> AsyncGenerator[ExecutionResult, None]:
        """What graphql-core's `subscribe` would tell, one answer for each event.

        Whatever the source raises ends it, and is raised.
        """
        assert self._source is not None, "a subscription has a source"
        run = self._begun(context, variables)
        if isinstance(run, ExecutionResult):
            yield run
            return
        async with aclosing(self._source.of(None, run)) as events:
            async for event in events:
                yield await self._answered(event, replace(run, errors=[]))

    def _begun(self, context: Context, variables: dict[str, Any]) -> Run | ExecutionResult:
        coerced = get_variable_values(
            self._schema, self._variables, variables, MAX_COERCION_ERRORS, True
        )
        if isinstance(coerced, list):
            return ExecutionResult(None, coerced)
        # Resolvers ask their info for the context and for nothing else.
        info = Info[Context, None](
            _raw_info=cast("Any", SimpleNamespace(context=context)), _field=cast("Any", None)
        )
        return Run(context, coerced, info)

    async def _answered(self, source: Any, run: Run) -> ExecutionResult:
        try:
            if self._is_mutation:
                data = await self._root.in_turn(source, run)
            elif self._root.is_async:
                data = await self._root.awaited(source, run, None)
            else:
                data = self._root.written(source, run, None)
        except GraphQLError as error:
            return ExecutionResult(None, [*run.errors, error])
        return ExecutionResult(data, run.errors or None)


class Planner:
    """Plans operations of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._inputs = Inputs(schema)
        self._classes = _classes(schema)

    def plan(self, document: DocumentNode, operation: OperationDefinitionNode) -> Plan | None:
        """How to answer an operation of a valid document; None where plans do not reach."""
        kind = self._schema._schema.get_root_type(operation.operation)
        assert kind is not None, "a valid operation has a type to begin with"
        outline = _Outline(self._schema, self._inputs, self._classes, document)
        try:
            if operation.operation is OperationType.SUBSCRIPTION:
                root, source = outline.followed(kind, operation.selection_set)
                return Plan(self._schema, operation, root, source)
            return Plan(self._schema, operation, outline.object(kind, [operation.selection_set]))
        except Unplanned:
            return None


class _Outline:
    """What one document asks of each type."""

    def __init__(
        self,
        schema: Schema,
        inputs: Inputs,
        classes: Mapping[str, type],
        document: DocumentNode,
    ) -> None:
        self._schema = schema._schema
        self._inputs = inputs
        self._classes = classes
        self._planned = 0
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def object(self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> Object:
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for each in selections:
            self._collect(kind, each, found, spread)
        return Object([self._field(kind, key, nodes) for key, nodes in found.items()])

    def followed(self, kind: GraphQLObjectType, selections: SelectionSetNode) -> tuple[Object, Ask]:
        """The one field of a subscription, whose value each event is, and how it is asked for."""
        found: dict[str, list[FieldNode]] = {}
        self._collect(kind, selections, found, set())
        [(key, nodes)] = found.items()
        definition = kind.fields.get(nodes[0].name.value)
        if definition is None:
            raise Unplanned("a look at the schema")
        value = self._value(definition.type, nodes, f"{kind.name}.{nodes[0].name.value}")
        field = Field(key, _ITSELF, value, nodes, is_nullable=_is_nullable(definition.type))
        return Object([field]), asking(self._inputs, definition, nodes[0])

    def _collect(
        self,
        kind: GraphQLObjectType,
        selections: SelectionSetNode,
        found: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for selection in selections.selections:
            if selection.directives:
                raise Unplanned("directives")
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, []).append(selection)
                continue
            fragment = self._fragment(selection, spread)
            if fragment is not None and self._concerns(fragment, kind):
                self._collect(kind, fragment.selection_set, found, spread)

    def _fragment(
        self, selection: SelectionNode, spread: set[str]
    ) -> FragmentDefinitionNode | InlineFragmentNode | None:
        """The fragment that is meant; None when it was spread here before."""
        if not isinstance(selection, FragmentSpreadNode):
            return cast("InlineFragmentNode", selection)
        name = selection.name.value
        if name in spread:
            return None
        spread.add(name)
        if self._fragments[name].directives:
            raise Unplanned("directives")
        return self._fragments[name]

    def _concerns(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, kind: GraphQLObjectType
    ) -> bool:
        if fragment.type_condition is None:
            return True
        on = self._schema.get_type(fragment.type_condition.name.value)
        return on is kind or (is_abstract_type(on) and self._schema.is_sub_type(on, kind))

    def _field(self, kind: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> Field:
        self._planned += 1
        if self._planned > MAX_FIELDS:
            raise Unplanned("too many fields")
        name = nodes[0].name.value
        if name == "__typename":
            return Field(key, _ITSELF, Name(kind.name), nodes, is_nullable=False)
        definition = kind.fields.get(name)
        if definition is None:
            raise Unplanned("a look at the schema")
        value = self._value(definition.type, nodes, f"{kind.name}.{name}")
        ask = asking(self._inputs, definition, nodes[0])
        return Field(key, ask, value, nodes, is_nullable=_is_nullable(definition.type))

    def _value(self, kind: GraphQLOutputType, nodes: Sequence[FieldNode], name: str) -> Value:
        if isinstance(kind, GraphQLNonNull):
            return Required(self._present(kind.of_type, nodes, name), name)
        return Nullable(self._present(kind, nodes, name))

    def _present(self, kind: GraphQLOutputType, nodes: Sequence[FieldNode], name: str) -> Value:
        if isinstance(kind, GraphQLList):
            item = self._value(kind.of_type, nodes, name)
            return Items(item, nodes, is_nullable=_is_nullable(kind.of_type))
        if is_leaf_type(kind):
            return Leaf(kind)
        selections = [node.selection_set for node in nodes if node.selection_set]
        if isinstance(kind, GraphQLObjectType):
            return self.object(kind, selections)
        possible = self._schema.get_possible_types(cast("GraphQLAbstractType", kind))
        return OneOf({self._class_of(each): self.object(each, selections) for each in possible})

    def _class_of(self, kind: GraphQLObjectType) -> type:
        found = self._classes.get(kind.name)
        if found is None:
            raise Unplanned(f"{kind.name} has no class of its own")
        return found


def _is_nullable(kind: GraphQLOutputType) -> bool:
    return not isinstance(kind, GraphQLNonNull)


def _classes(schema: Schema) -> dict[str, type]:
    """The class of each object type that has one for itself: generic types share theirs."""
    kinds = [
        (kind.name, kind.extensions["strawberry-definition"].origin)
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and "strawberry-definition" in kind.extensions
    ]
    return {name: origin for name, origin in kinds if _is_alone(origin, kinds)}


def _is_alone(origin: type, kinds: Iterable[tuple[str, type]]) -> bool:
    return sum(other is origin for _, other in kinds) == 1
