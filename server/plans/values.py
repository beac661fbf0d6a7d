"""How what a resolver answers becomes what JSON can carry, by the type it has in the schema."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from graphql import FieldNode, GraphQLLeafType

if TYPE_CHECKING:
    from server.plans.fields import Field, Path, Run


class Value(Protocol):
    """Writes what was answered. One that `is_async` has something in it that must be awaited."""

    is_async: bool

    def written(self, got: Any, run: Run, path: Path) -> Any: ...

    async def awaited(self, got: Any, run: Run, path: Path) -> Any: ...


class _Direct:
    """A value that nothing must be awaited for."""

    is_async = False

    async def awaited(self, got: Any, run: Run, path: Path) -> Any:
        raise AssertionError("nothing to await")


class Leaf(_Direct):
    """A scalar or an enum."""

    def __init__(self, kind: GraphQLLeafType) -> None:
        self._kind = kind
        self._out = kind.coerce_output_value

    def written(self, got: Any, run: Run, path: Path) -> Any:
        out = self._out(got)
        if out is None:
            raise TypeError(f"{self._kind} cannot be written from {type(got).__name__}.")
        return out


class Name(_Direct):
    """`__typename`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def written(self, got: Any, run: Run, path: Path) -> Any:
        return self._name


class Nullable:
    """A value that may be missing."""

    def __init__(self, value: Value) -> None:
        self._value = value
        self.is_async = value.is_async

    def written(self, got: Any, run: Run, path: Path) -> Any:
        return None if got is None else self._value.written(got, run, path)

    async def awaited(self, got: Any, run: Run, path: Path) -> Any:
        return None if got is None else await self._value.awaited(got, run, path)


class Required:
    """A value that may not; `name` is of the field it belongs to, `Person.id`."""

    def __init__(self, value: Value, name: str) -> None:
        self._value = value
        self._name = name
        self.is_async = value.is_async

    def written(self, got: Any, run: Run, path: Path) -> Any:
        self._require(got)
        return self._value.written(got, run, path)

    async def awaited(self, got: Any, run: Run, path: Path) -> Any:
        self._require(got)
        return await self._value.awaited(got, run, path)

    def _require(self, got: Any) -> None:
        if got is None:
            raise TypeError(f"Cannot return null for non-nullable field {self._name}.")


class Items:
    """A list."""

    def __init__(self, item: Value, nodes: Sequence[FieldNode], *, is_nullable: bool) -> None:
        self._item = item
        self._nodes = nodes
        self._is_nullable = is_nullable
        self.is_async = item.is_async

    def written(self, got: Iterable[Any], run: Run, path: Path) -> Any:
        return [self._one(each, run, (path, place)) for place, each in enumerate(got)]

    async def awaited(self, got: Iterable[Any], run: Run, path: Path) -> Any:
        # All at once, so that what they look up is looked up together.
        ones = [self._awaited_one(each, run, (path, place)) for place, each in enumerate(got)]
        return await together(ones)

    def _one(self, got: Any, run: Run, path: Path) -> Any:
        try:
            return self._item.written(got, run, path)
        except Exception as error:  # noqa: BLE001 - as a field's
            return run.failed(error, self._nodes, path, is_nullable=self._is_nullable)

    async def _awaited_one(self, got: Any, run: Run, path: Path) -> Any:
        try:
            return await self._item.awaited(got, run, path)
        except Exception as error:  # noqa: BLE001 - as a field's
            return run.failed(error, self._nodes, path, is_nullable=self._is_nullable)


class Object:
    """An object of one type."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._waiting = [field for field in fields if field.is_async]
        self.is_async = bool(self._waiting)

    def written(self, got: Any, run: Run, path: Path | None) -> Any:
        return {field.key: field.answer(got, run, path) for field in self._fields}

    async def awaited(self, got: Any, run: Run, path: Path | None) -> Any:
        # Each key has its place before the answers come.
        told = {
            field.key: None if field.is_async else field.answer(got, run, path)
            for field in self._fields
        }
        coming = await together([field.awaited(got, run, path) for field in self._waiting])
        for field, answer in zip(self._waiting, coming, strict=True):
            told[field.key] = answer
        return told

    async def in_turn(self, got: Any, run: Run) -> Any:
        """One field after the other: what changes something changes it in the order asked."""
        return {
            field.key: await field.awaited(got, run, None)
            if field.is_async
            else field.answer(got, run, None)
            for field in self._fields
        }


class OneOf:
    """An object of one of several types, told by its class."""

    def __init__(self, objects: Mapping[type, Object]) -> None:
        self._objects = objects
        self.is_async = any(each.is_async for each in objects.values())

    def written(self, got: Any, run: Run, path: Path) -> Any:
        return self._objects[type(got)].written(got, run, path)

    async def awaited(self, got: Any, run: Run, path: Path) -> Any:
        found = self._objects[type(got)]
        if found.is_async:
            return await found.awaited(got, run, path)
        return found.written(got, run, path)


async def together(waiting: Sequence[Any]) -> Sequence[Any]:
    """All answers once all are there; the first error among them, if there is one."""
    if len(waiting) == 1:
        return [await waiting[0]]
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
