"""What the catalogue says of one code: what it means, what it leaves true, and who is told what."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum
from typing import Final

import strawberry

from schema.money import Money, display
from schema.texts import Language, Text


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


class Place(Enum):
    """Where a code comes out."""

    PROBLEM = "problem"
    FAILURE = "failure"
    NOTICE = "notice"
    TOP_LEVEL = "top-level"


class Outcome(Enum):
    """What is true of the money when the code comes out."""

    SUCCESS = "S"
    NOTHING_MOVED = "F"
    UNKNOWN = "U"


class Disclosure(Enum):
    """How much the payer may be told; of a hidden reason they get the words of a general one."""

    OPEN = "open"
    GENERAL = "general"
    HIDDEN = "hidden"


PROBLEM: Final = frozenset({Place.PROBLEM})
FAILURE: Final = frozenset({Place.FAILURE})
NOTICE: Final = frozenset({Place.NOTICE})
TOP_LEVEL: Final = frozenset({Place.TOP_LEVEL})


@dataclass(frozen=True, slots=True)
class Statuses:
    """The HTTP statuses of an answer without data, by its media type.

    `application/graphql-response+json` says by status what went wrong. Old clients of
    `application/json` take any other than 200 for a broken wire: they get 200 once the request was
    well-formed GraphQL.
    """

    graphql: int
    json: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code, and everything there is to say about it.

    `meaning` is for developers. `title` heads a failure or a notice, `text` says what it is and
    `step` what the person can do now; `{names}` in them are facts. `recorded_as` are other words of
    the books for the same thing. `told_as` is the code that takes the place of a hidden one.
    """

    code: str
    meaning: str
    text: Text
    step: Text | None = None
    title: Text | None = None
    retry: RetryAdvice
    places: Set[Place] = PROBLEM
    outcome: Outcome = Outcome.NOTHING_MOVED
    disclosure: Disclosure = Disclosure.OPEN
    statuses: Statuses | None = None
    recorded_as: tuple[str, ...] = ()
    told_as: str | None = None

    def heading(self, language: Language) -> str:
        """A few words above `message`; only failures and notices have them."""
        assert self.title is not None, f"{self.code} has no title"
        return self.title.said(language)

    def message(self, language: Language, **facts: object) -> str:
        """What it is, for people."""
        return _said(self.text, language, facts)

    def next_step(self, language: Language, **facts: object) -> str | None:
        """What the person can do now; None when there is nothing."""
        return None if self.step is None else _said(self.step, language, facts)

    def whole(self, language: Language, **facts: object) -> str:
        """What it is and what to do now in one, where there is room for one text only."""
        space = "" if language is Language.ZH_CN else " "
        return space.join(
            each
            for each in (self.message(language, **facts), self.next_step(language, **facts))
            if each
        )

    @property
    def status(self) -> int:
        """The HTTP status of an answer without data in `application/graphql-response+json`."""
        return self._statuses.graphql

    @property
    def json_status(self) -> int:
        """The HTTP status of the same answer in `application/json`."""
        return self._statuses.json

    @property
    def _statuses(self) -> Statuses:
        assert self.statuses is not None, f"{self.code} is no top-level error"
        return self.statuses


def _said(text: Text, language: Language, facts: dict[str, object]) -> str:
    return text.said(language, **{name: _written(fact, language) for name, fact in facts.items()})


def _written(fact: object, language: Language) -> str:
    if isinstance(fact, Money):
        return display(fact.amount_minor, fact.currency, language)
    return str(fact)
