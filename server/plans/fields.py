"""One field of a plan: how it is asked for, and what becomes of what goes wrong with it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias, cast

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    Visitor,
    get_argument_values,
    located_error,
    visit,
)
from graphql.execution.values import VariableValues
from strawberry import Info
from strawberry.types.field import StrawberryField

from schema.context import Context
from server.plans.inputs import Inputs, Unplanned
from server.plans.values import Value

Path: TypeAlias = tuple[Any, "str | int"]
"""Where something stands in an answer: what it is in, and its key there."""


@dataclass(slots=True)
class Run:
    """One operation being answered."""

    context: Context
    variables: VariableValues
    info: Info[Context, None]
    errors: list[GraphQLError] = field(default_factory=list)

    def failed(
        self, error: Exception, nodes: Sequence[FieldNode], path: Path, *, is_nullable: bool
    ) -> None:
        """Notes an error where a null can stand for what is missing; else its owner is missing.

        Raises:
            GraphQLError: nothing can stand in the place of what failed.
        """
        located = located_error(error, nodes, _keys(path))
        if not is_nullable:
            raise located
        self.errors.append(located)


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked of its source; `is_async` when the answer must be awaited."""

    of: Callable[[Any, Run], Any]
    is_async: bool


class Field:
    """A field of one type under the key it has in the answer."""

    __slots__ = ("_ask", "_is_nullable", "_nodes", "_value", "is_async", "key")

    def __init__(
        self, key: str, ask: Ask, value: Value, nodes: Sequence[FieldNode], *, is_nullable: bool
    ) -> None:
        self.key = key
        self.is_async = ask.is_async or value.is_async
        self._ask = ask
        self._value = value
        self._nodes = nodes
        self._is_nullable = is_nullable

    def answer(self, source: Any, run: Run, path: Path | None) -> Any:
        """What the field says of `source`, of a field that need not be awaited."""
        here = (path, self.key)
        try:
            return self._value.written(self._ask.of(source, run), run, here)
        except Exception as error:  # noqa: BLE001 - whatever a resolver raises is its answer
            return run.failed(error, self._nodes, here, is_nullable=self._is_nullable)

    async def awaited(self, source: Any, run: Run, path: Path | None) -> Any:
        """What the field says of `source`."""
        here = (path, self.key)
        try:
            got = self._ask.of(source, run)
            if self._ask.is_async:
                got = await got
            if self._value.is_async:
                return await self._value.awaited(got, run, here)
            return self._value.written(got, run, here)
        except Exception as error:  # noqa: BLE001 - whatever a resolver raises is its answer
            return run.failed(error, self._nodes, here, is_nullable=self._is_nullable)


def asking(inputs: Inputs, definition: GraphQLField, node: FieldNode) -> Ask:
    """How a field is asked.

    Raises:
        Unplanned: it is no plain field of Strawberry's.
    """
    ours: StrawberryField | None = definition.extensions.get("strawberry-definition")
    if ours is None or ours.extensions:
        raise Unplanned("not a plain field")
    resolver = ours.base_resolver
    if resolver is None:
        read = attrgetter(ours.python_name)
        return Ask(lambda source, _: read(source), is_async=False)
    if resolver.parent_parameter or resolver.root_parameter or not resolver.self_parameter:
        raise Unplanned("an unusual resolver")
    function = cast("Callable[..., Any]", resolver.wrapped_func)
    info = resolver.info_parameter and resolver.info_parameter.name
    arguments = _arguments(inputs, definition, node, ours)

    def ask(source: Any, run: Run) -> Any:
        given = arguments(run)
        if info:
            given[info] = run.info
        return function(source, **given)

    return Ask(ask, is_async=inspect.iscoroutinefunction(function))


def _arguments(
    inputs: Inputs, definition: GraphQLField, node: FieldNode, ours: StrawberryField
) -> Callable[[Run], dict[str, Any]]:
    if not definition.args:
        return lambda _: {}
    converters = [inputs.argument(argument) for argument in ours.arguments]

    def converted(values: Mapping[str, Any]) -> dict[str, Any]:
        return {python: to(values[name]) for name, python, to in converters if name in values}

    if _names_variables(node):
        return lambda run: converted(
            get_argument_values(definition, node, run.variables, None, True)
        )
    try:
        values = get_argument_values(definition, node, None, None, True)
    except GraphQLError as error:
        raise Unplanned("an argument that does not fit") from error
    return lambda _: converted(values)


def _names_variables(node: FieldNode) -> bool:
    finder = _VariableFinder()
    for argument in node.arguments or ():
        visit(argument, finder)
    return finder.found


class _VariableFinder(Visitor):
    """Whether there is a variable anywhere in what it visits."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, *_: object) -> None:
        self.found = True


def _keys(path: Path) -> list[str | int]:
    keys: list[str | int] = []
    step: Path | None = path
    while step is not None:
        step, key = step
        keys.append(key)
    return keys[::-1]
