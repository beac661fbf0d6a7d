"""Arguments: from what GraphQL has checked to what a resolver takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING
from typing import Any, TypeAlias

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.scalars import is_scalar
from strawberry.schema import Schema
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.types.maybe import Some
from strawberry.types.unset import UNSET

Converter: TypeAlias = Callable[[Any], Any]


class Unplanned(Exception):
    """Something that plans do not cover."""


class Inputs:
    """How the arguments of one schema are converted; each input type is looked at once."""

    def __init__(self, schema: Schema) -> None:
        self._names = schema.config.name_converter
        self._scalars = schema.schema_converter.scalar_registry
        self._known: dict[type, Converter] = {}

    def argument(self, argument: StrawberryArgument) -> tuple[str, str, Converter]:
        """The name it has in GraphQL, the one it has in Python, and how its value is converted."""
        assert argument.python_name
        name = self._names.from_argument(argument)
        return name, argument.python_name, self._converter(argument.type)

    def _converter(self, kind: Any) -> Converter:
        if isinstance(kind, LazyType):
            return self._converter(kind.resolve_type())
        if isinstance(kind, StrawberryMaybe):
            return _maybe(self._converter(kind.of_type), kind.of_type)
        if isinstance(kind, StrawberryOptional):
            return self._converter(kind.of_type)
        if isinstance(kind, StrawberryList):
            return _each(self._converter(kind.of_type))
        if (
            is_scalar(kind, self._scalars)
            or isinstance(kind, StrawberryEnumDefinition)
            or has_enum_definition(kind)
        ):
            return _as_it_is
        if not has_object_definition(kind):
            raise Unplanned(f"input of {kind}")
        return self._known.get(kind) or self._input(kind)

    def _input(self, kind: type) -> Converter:
        definition: StrawberryObjectDefinition = kind.__strawberry_definition__  # type: ignore[attr-defined]
        if definition.from_input is not None:
            raise Unplanned(f"{kind} builds itself")
        # An input type may have itself in it.
        parts: list[tuple[str, str, Converter]] = []
        nothing = {field.python_name: None for field in definition.fields if _has_no_default(field)}

        def convert(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            given = {
                python: converter(value[name]) for name, python, converter in parts if name in value
            }
            return kind(**{**nothing, **given})

        self._known[kind] = convert
        for field in definition.fields:
            converter = self._converter(field.resolve_type(type_definition=definition))
            parts.append((self._names.from_field(field), field.python_name, converter))
        return convert


def _as_it_is(value: Any) -> Any:
    return value


def _each(converter: Converter) -> Converter:
    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        # A new list each time: GraphQL gives everybody the same default.
        return [converter(each) for each in value]

    return convert


def _maybe(converter: Converter, kind: Any) -> Converter:
    takes_null = isinstance(kind, StrawberryOptional)

    def convert(value: Any) -> Any:
        if value is None and not takes_null:
            name = getattr(kind, "__name__", str(kind))
            raise StrawberryInputCoercionError(f"Expected value of type '{name}', found null.")
        return Some(converter(value))

    return convert


def _has_no_default(field: StrawberryField) -> bool:
    return field.default_value is MISSING and field.default_factory is MISSING
