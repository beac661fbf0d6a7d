"""Whether a password may be chosen, and every reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain import second_factors
from domain.passwords import guesses
from domain.passwords.hashing import at_work, is_long, normal
from domain.passwords.policies import MAX_LENGTH, Policy, policy
from domain.refusals import Refusal
from models.people import Contact, ContactKind, Person

BRAND: Final = "upay"
WORD_MIN_BYTES: Final = 4
"""Four letters, or two characters of Chinese: a shorter word is inside others by chance."""


class Reason(StrEnum):
    """Why a password may not be chosen."""

    SHORT = "short"
    LONG = "long"
    LETTERS = "letters"
    DIGITS = "digits"
    SYMBOLS = "symbols"
    NAME = "name"
    EMAIL = "email"
    DISPLAY_NAME = "display_name"
    BRAND = "brand"
    PATTERN = "pattern"
    COMMON = "common"
    LISTED = "listed"

    @property
    def meaning(self) -> str:
        """What it says of the password, for the documentation."""
        return _MEANINGS[self]


_MEANINGS: Final = {
    Reason.SHORT: "fewer characters than the policy asks for",
    Reason.LONG: "more than 256 characters, or 1,024 bytes",
    Reason.LETTERS: "no letter",
    Reason.DIGITS: "no digit",
    Reason.SYMBOLS: "no symbol, such as a space or a dash",
    Reason.NAME: "holds the account name",
    Reason.EMAIL: "holds the part of an e-mail address before its @",
    Reason.DISPLAY_NAME: "holds a word of the display name",
    Reason.BRAND: "holds the name of uPay",
    Reason.PATTERN: "little more than rows of keys, sequences or repetitions",
    Reason.COMMON: "one that very many have, or such a one with little around it",
    Reason.LISTED: "on the list of this server's operator",
}


class PasswordTooWeak(Refusal):
    """`reasons` names every rule it breaks, in the order of `Reason`."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("This password is too weak.")
        self.reasons = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose password it is to be: what others know of somebody is no secret."""

    account_name: str = ""
    display_name: str = ""
    emails: tuple[str, ...] = ()
    has_second_factor: bool = False


async def owner(person: Person) -> Owner:
    """What there is to know of a person whose password is to be another."""
    emails = await Contact.filter(person_id=person.id, kind=ContactKind.EMAIL)
    return Owner(
        account_name=person.account_name,
        display_name=person.display_name,
        emails=tuple(contact.value for contact in emails),
        has_second_factor=await second_factors.is_enrolled(person.id),
    )


async def check(password: str, owner: Owner) -> None:
    """Whether a password may be chosen by `owner`, by the policy of this process.

    Raises:
        PasswordTooWeak: it breaks a rule.
    """
    if len(password) > MAX_LENGTH or is_long(password):
        raise PasswordTooWeak([Reason.LONG])
    rules = policy()
    broken = await at_work(lambda: list(_broken(normal(password), owner, rules)))
    if broken:
        raise PasswordTooWeak(broken)


def _broken(kept: str, owner: Owner, rules: Policy) -> Iterator[Reason]:
    """The rules that a password in its normal form breaks."""
    folded = kept.casefold()
    if len(kept) < rules.min_length(has_second_factor=owner.has_second_factor):
        yield Reason.SHORT
    if rules.needs_classes:
        yield from _missing_classes(kept)
    yield from _known_of(owner, folded)
    if guesses.is_common(folded):
        yield Reason.COMMON
    elif guesses.is_pattern(folded):
        yield Reason.PATTERN
    if rules.block_list is not None and rules.block_list.holds(kept):
        yield Reason.LISTED


def _missing_classes(kept: str) -> Iterator[Reason]:
    if not any(char.isalpha() for char in kept):
        yield Reason.LETTERS
    if not any(char.isdigit() for char in kept):
        yield Reason.DIGITS
    if all(char.isalnum() for char in kept):
        yield Reason.SYMBOLS


def _known_of(owner: Owner, folded: str) -> Iterator[Reason]:
    """Whether what others know of the owner is in a password."""
    if owner.account_name and owner.account_name.casefold() in folded:
        yield Reason.NAME
    if _holds_a_word(folded, [email.partition("@")[0] for email in owner.emails]):
        yield Reason.EMAIL
    if _holds_a_word(folded, re.split(r"[\W_]+", owner.display_name)):
        yield Reason.DISPLAY_NAME
    if BRAND in folded:
        yield Reason.BRAND


def _holds_a_word(folded: str, words: list[str]) -> bool:
    return any(
        len(word.encode()) >= WORD_MIN_BYTES and normal(word).casefold() in folded for word in words
    )
