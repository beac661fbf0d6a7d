"""The policy: the rules as the operator wrote them down, read once and refused when unclear."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from domain.money import EXPONENTS, MAX_MINOR_UNITS
from domain.risk.facts import Facts
from domain.risk.rules import (
    Amounts,
    Kind,
    NewDevice,
    NewPayee,
    NewPlace,
    NightHours,
    Rule,
    UnusualAmount,
    Velocity,
)
from domain.risk.verdicts import Outcome, Silence

RULES_MAX: Final = 64
WINDOW_MAX_MINUTES: Final = 24 * 60
PLACE_AGES: Final = timedelta(days=1)
"""How old the memory of a place becomes before it is written anew."""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,47}")
_TOP: Final = frozenset({"rule"})

Word = TypeVar("Word", bound=StrEnum)


class PolicyInvalid(ValueError):
    """The policy cannot be read as rules; says which rule, and what it must say."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules that are enabled, in the order of their file, and what tells it from another."""

    rules: tuple[Rule, ...]
    digest: str

    @property
    def minutes(self) -> frozenset[int]:
        """The windows that some rule looks at."""
        return frozenset(
            rule.looks_at.minutes for rule in self.rules if isinstance(rule.looks_at, Velocity)
        )

    @property
    def blind_without_places(self) -> tuple[str, ...]:
        """The rules that never hit where nobody knows where anybody is."""
        return tuple(rule.name for rule in self.rules if isinstance(rule.looks_at, NewPlace))

    def is_place_noted(self, facts: Facts, now: datetime) -> bool:
        """Whether where the payer is should be remembered as a place of theirs.

        Not where a rule finds them elsewhere, even if the amount is too small for it: a small
        payment would make the place a known one for the large one after it.
        """
        if facts.seen_at is not None and now - facts.seen_at < PLACE_AGES:
            return False
        kinds = (rule.looks_at for rule in self.rules)
        return not any(
            isinstance(each, NewPlace) and each.is_elsewhere(facts, now) for each in kinds
        )


NO_RULES: Final = Policy((), "")


def parsed(text: str) -> Policy:
    """The policy that a TOML file holds.

    Raises:
        PolicyInvalid: it is not TOML, or a rule of it is unclear.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalid(f"it is not TOML: {error}") from None
    rules = said.get("rule", [])
    if set(said) - _TOP or not isinstance(rules, list) or len(rules) > RULES_MAX:
        raise PolicyInvalid(f"it holds at most {RULES_MAX} times [[rule]], and nothing else")
    words = [_Words(place, each) for place, each in enumerate(rules, 1)]
    found = [(_rule(each), each.enabled) for each in words]
    names = [rule.name for rule, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise PolicyInvalid(f"two rules are called {name!r}")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Policy(tuple(rule for rule, enabled in found if enabled), digest)


class _Words:
    """What one rule says; each word is taken once, and what is left over is nobody's."""

    def __init__(self, place: int, said: object) -> None:
        if not isinstance(said, dict):
            raise PolicyInvalid(f"rule {place} is not a table")
        self._said: dict[str, Any] = dict(said)
        self._place = f"rule {place}"
        name = self._said.pop("name", None)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self.no("name", "must be 1 to 48 small letters, digits and hyphens")
        self.name = name
        self._place = f"the rule {name!r}"
        self.enabled = self.flag("enabled", default=True)

    def no(self, word: str, must: str) -> PolicyInvalid:
        return PolicyInvalid(f"{word} of {self._place} {must}")

    def flag(self, word: str, *, default: bool = False) -> bool:
        found = self._said.pop(word, default)
        if not isinstance(found, bool):
            raise self.no(word, "must be true or false")
        return found

    def whole(self, word: str, least: int, most: int) -> int:
        found = self._said.pop(word, None)
        if type(found) is not int or not least <= found <= most:
            raise self.no(word, f"must be a whole number from {least} to {most}")
        return found

    def choice(self, word: str, kind: type[Word], default: Word | None = None) -> Word:
        found = self._said.pop(word, default)
        try:
            return kind(found)
        except ValueError:
            raise self.no(word, f"must be one of {', '.join(kind)}") from None

    def amounts(self, word: str) -> Amounts:
        """Minor units by currency, such as { CNY = 100_000 } for 1,000.00 yuan."""
        found = self._said.pop(word, None)
        if not isinstance(found, dict) or not found:
            raise self.no(word, "must be minor units by currency, such as { CNY = 100_000 }")
        for currency, amount in found.items():
            is_sane = type(amount) is int and 0 <= amount <= MAX_MINOR_UNITS
            if currency not in EXPONENTS or not is_sane:
                raise self.no(word, "must name currencies of uPay, each with whole minor units")
        return found

    def hour(self, word: str) -> time:
        found = self._said.pop(word, None)
        if not isinstance(found, time):
            raise self.no(word, "must be a time of day, such as 23:00:00")
        return found

    def has(self, word: str) -> bool:
        return word in self._said

    def end(self) -> None:
        """Nothing is left over: a word that nobody reads would be a rule that nobody has."""
        for word in self._said:
            raise self.no(word, "is nothing that such a rule can say")


def _rule(words: _Words) -> Rule:
    kind = words.choice("kind", _KindWord)
    looks_at = _KINDS[kind](words)
    rule = Rule(
        name=words.name,
        looks_at=looks_at,
        outcome=words.choice("outcome", Outcome, Outcome.ALLOW),
        delay=words.flag("delay"),
        ask=words.flag("ask"),
        unanswered=words.choice("unanswered", Silence, Silence.NOTHING),
        is_shadow=words.flag("shadow"),
    )
    words.end()
    if rule.outcome is Outcome.ALLOW and not (rule.delay or rule.ask):
        raise words.no("outcome", "must be step_up, review or decline, unless it delays or asks")
    return rule


class _KindWord(StrEnum):
    NEW_DEVICE = "new_device"
    NEW_PLACE = "new_place"
    VELOCITY = "velocity"
    UNUSUAL_AMOUNT = "unusual_amount"
    NEW_PAYEE = "new_payee"
    NIGHT_HOURS = "night_hours"


def _new_device(words: _Words) -> Kind:
    return NewDevice(hours=words.whole("hours", 1, 24 * 90), above=words.amounts("above"))


def _new_place(words: _Words) -> Kind:
    return NewPlace(days=words.whole("days", 1, 400), above=words.amounts("above"))


def _velocity(words: _Words) -> Kind:
    minutes = words.whole("minutes", 1, WINDOW_MAX_MINUTES)
    payments = words.whole("payments", 1, 500) if words.has("payments") else None
    total = words.amounts("total") if words.has("total") else {}
    if payments is None and not total:
        raise words.no("payments", "or total must be there, or both")
    return Velocity(minutes=minutes, payments=payments, total=total)


def _unusual_amount(words: _Words) -> Kind:
    return UnusualAmount(
        times=words.whole("times", 1, 1_000),
        above=words.amounts("above"),
        past_payments=words.whole("past_payments", 1, 500),
    )


def _new_payee(words: _Words) -> Kind:
    return NewPayee(above=words.amounts("above"))


def _night_hours(words: _Words) -> Kind:
    since, until = words.hour("since"), words.hour("until")
    if since == until:
        raise words.no("until", "must be another time than since")
    return NightHours(since=since, until=until, above=words.amounts("above"))


_KINDS: Final[Mapping[_KindWord, Any]] = {
    _KindWord.NEW_DEVICE: _new_device,
    _KindWord.NEW_PLACE: _new_place,
    _KindWord.VELOCITY: _velocity,
    _KindWord.UNUSUAL_AMOUNT: _unusual_amount,
    _KindWord.NEW_PAYEE: _new_payee,
    _KindWord.NIGHT_HOURS: _night_hours,
}
