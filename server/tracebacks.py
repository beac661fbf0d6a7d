"""Errors as the log shows them: where they came through, and of their words only harmless ones.

A library's exception may quote what a person typed: asyncpg repeats the argument that PostgreSQL
did not like, PostgreSQL the row that was there already.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Final

import asyncpg

FLOORS: Final = frozenset(
    {"channels", "domain", "jobs", "models", "realtime", "resolvers", "schema", "server"}
)
HIDDEN: Final = "(its words are kept out of the log: they may quote what somebody typed)"

# These speak of code and wires. ValueError and KeyError, for instance, quote values.
_HARMLESS: Final = (
    *(AttributeError, ImportError, NameError, RuntimeError, TypeError),
    *(AssertionError, MemoryError, OSError, asyncpg.PostgresConnectionError),
)
_SCHEMA_NAMES: Final = ("constraint_name", "table_name", "column_name")
_LONGEST_WORDS: Final = 500
_CAUSE: Final = "The above was the cause of what follows:"
_CONTEXT: Final = "While that was being dealt with:"


def told(error: BaseException) -> str:
    """The error with its causes and its places in the code, without the values at work there."""
    return "\n".join(_lines(error, set()))


def words(error: BaseException) -> str:
    """What kind of error it is, and what it says if that cannot be anybody's secret."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else _name(kind)
    if isinstance(error, BaseExceptionGroup):
        return f"{name} of {len(error.exceptions)}"
    if isinstance(error, asyncpg.PostgresError) and not isinstance(error, _HARMLESS):
        return f"{name}: {_names(error)} {HIDDEN}"
    said = str(error)
    if not said:
        return name
    is_ours = kind.__module__.partition(".")[0] in FLOORS
    if is_ours or (isinstance(error, _HARMLESS) and not isinstance(error, ValueError)):
        return f"{name}: {said[:_LONGEST_WORDS]}"
    return f"{name}: {HIDDEN}"


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, how = _before(error)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield how
    for place in traceback.format_tb(error.__traceback__):
        yield place.rstrip("\n")
    yield words(error)
    if isinstance(error, BaseExceptionGroup):
        for number, part in enumerate(error.exceptions, 1):
            yield f"  {number}:"
            yield from (f"    {line}" for line in "\n".join(_lines(part, seen)).split("\n"))


def _before(error: BaseException) -> tuple[BaseException | None, str]:
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__, _CAUSE
    return error.__context__, _CONTEXT


def _name(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _names(error: asyncpg.PostgresError) -> str:
    """What PostgreSQL says of the place: its code for the error, and names out of our schema."""
    found = [getattr(error, each, None) for each in _SCHEMA_NAMES]
    return " ".join([f"SQLSTATE {error.sqlstate}", *(each for each in found if each)])
