"""Problems: a no in GraphQL that a person can act on, and how a refusal becomes one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from domain.refusals import Refusal
from schema import catalogue
from schema.catalogue.codes import ProblemCode
from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Language

P = TypeVar("P", bound="type[Problem]")


@strawberry.interface(
    description="Something a person can act on. Nothing was done, and nothing was recorded."
)
class Problem:
    code: ProblemCode = strawberry.field(description="What it is, for programs; never translated.")
    message: str = strawberry.field(description="What it is, for people, in their language.")
    field: list[str] | None = strawberry.field(
        description="The input that caused it, as a path from `input`; null when none did."
    )
    retry: RetryAdvice = strawberry.field(description="What trying again would do.")
    next_step: str | None = strawberry.field(
        description="What the person can do now, in their language."
    )

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        """What this problem says beyond every problem, taken from the refusal."""
        common = {field.name for field in dataclasses.fields(Problem)}
        own = (field.name for field in dataclasses.fields(cls) if field.name not in common)
        return {name: getattr(refusal, name) for name in own}


@dataclasses.dataclass(frozen=True, slots=True)
class _Naming:
    type: type[Problem]
    entry: Entry
    field: list[str] | None


_NAMINGS: dict[type[Refusal], _Naming] = {}


def names(*refusals: type[Refusal], code: str, field: str | None = None) -> Callable[[P], P]:
    """Says which refusals a problem type stands for, and where the catalogue has its words.

    `field` is a dotted path from the input. Fields of the problem that the refusal has as
    attributes are filled from them.
    """
    entry = catalogue.problem(code)

    def decorate(problem: P) -> P:
        for refusal in refusals:
            _NAMINGS[refusal] = _Naming(problem, entry, _path(field))
        return problem

    return decorate


def named(refusal: Refusal, language: Language, *, field: str | None = None) -> Any:
    """The problem that a refusal is, in the words of `language`.

    `field` is for a verb whose input calls it otherwise than the problem does.

    Typed as anything, because the union a verb answers with is closed elsewhere: a test holds each
    verb's refusals against the members of its union.
    """
    naming = _NAMINGS[type(refusal)]
    entry, facts = naming.entry, naming.type.facts(refusal)
    return naming.type(
        code=ProblemCode[entry.code],
        message=entry.message(language, **facts),
        field=_path(field) or naming.field,
        retry=entry.retry,
        next_step=entry.next_step(language, **facts),
        **facts,
    )


def namings() -> dict[type[Refusal], type[Problem]]:
    """Every refusal that has a name, and the type it becomes."""
    return {refusal: naming.type for refusal, naming in _NAMINGS.items()}


def _path(field: str | None) -> list[str] | None:
    return field.split(".") if field else None
