"""Problems: a no in GraphQL that a person can act on, and how a refusal becomes one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import strawberry

from domain.refusals import Refusal
from schema.money import Money, display
from schema.problems.codes import ProblemCode
from schema.texts import Language
from schema.texts.problems import TEXTS

P = TypeVar("P", bound="type[Problem]")


@strawberry.enum(description="What trying again would do.")
class RetryAdvice(Enum):
    NEVER = strawberry.enum_value("never", description="It will be refused again.")
    SAME_KEY = strawberry.enum_value(
        "same_key", description="Repeat with the same idempotency key: safe, and right now."
    )
    SAME_KEY_LATER = strawberry.enum_value(
        "same_key_later", description="Repeat with the same idempotency key in a moment."
    )
    AFTER_FIX = strawberry.enum_value(
        "after_fix", description="Repeat once what is named has been put right."
    )
    LATER = strawberry.enum_value("later", description="Repeat after some time.")
    ASK_STATUS = strawberry.enum_value(
        "ask_status", description="It may have happened: ask for the movement, do not pay again."
    )


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
    code: ProblemCode
    retry: RetryAdvice
    field: list[str] | None


_NAMINGS: dict[type[Refusal], _Naming] = {}


def names(
    *refusals: type[Refusal],
    code: ProblemCode,
    retry: RetryAdvice,
    field: str | None = None,
) -> Callable[[P], P]:
    """Says which refusals a problem type stands for. `field` is a dotted path from the input.

    Fields of the problem that the refusal has as attributes are filled from them.
    """

    def decorate(problem: P) -> P:
        for refusal in refusals:
            _NAMINGS[refusal] = _Naming(problem, code, retry, _path(field))
        return problem

    return decorate


def named(refusal: Refusal, language: Language, *, field: str | None = None) -> Any:
    """The problem that a refusal is, in the words of `language`.

    `field` is for a verb whose input calls it otherwise than the problem does.

    Typed as anything, because the union a verb answers with is closed elsewhere: a test holds each
    verb's refusals against the members of its union.
    """
    naming = _NAMINGS[type(refusal)]
    facts = naming.type.facts(refusal)
    said = {name: _said(fact, language) for name, fact in facts.items()}
    text = TEXTS[naming.code]
    return naming.type(
        code=naming.code,
        message=text.message.said(language, **said),
        field=_path(field) or naming.field,
        retry=naming.retry,
        next_step=text.next_step.said(language, **said) if text.next_step else None,
        **facts,
    )


def namings() -> dict[type[Refusal], type[Problem]]:
    """Every refusal that has a name, and the type it becomes."""
    return {refusal: naming.type for refusal, naming in _NAMINGS.items()}


def _path(field: str | None) -> list[str] | None:
    return field.split(".") if field else None


def _said(fact: object, language: Language) -> str:
    if isinstance(fact, Money):
        return display(fact.amount_minor, fact.currency, language)
    return str(fact)
