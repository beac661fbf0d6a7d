"""Changing how one is called, spoken to, and what one's letters are known by."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.people import Person
from schema.problems import people as problems
from schema.problems import profiles as profile_problems
from schema.problems.sessions import ProofNeeded
from schema.texts import Language


@strawberry.input(description="What is left out stays as it is.")
class UpdateProfileInput:
    display_name: str | None = strawberry.field(default=None, description="1 to 64 characters.")
    locale: Language | None = strawberry.field(
        default=None, description="The language of answers and letters."
    )
    time_zone: str | None = strawberry.field(
        default=None, description="IANA name; where your day begins, and with it daily limits."
    )


@strawberry.type(description="The profile is what you said.")
class ProfileUpdated:
    person: Person


UpdateProfileResult = Annotated[
    ProfileUpdated
    | problems.DisplayNameInvalid
    | profile_problems.DisplayNameReserved
    | problems.TimeZoneInvalid,
    strawberry.union("UpdateProfileResult"),
]


@strawberry.input
class SetPhraseInput:
    phrase: str = strawberry.field(
        description="4 to 40 visible characters that every letter from uPay will show, so that a "
        "fake can be told from it. Not a password, and nothing that others would guess."
    )


@strawberry.type(description="From now on letters show the phrase.")
class PhraseSet:
    person: Person


SetPhraseResult = Annotated[
    PhraseSet | ProofNeeded | profile_problems.PhraseInvalid, strawberry.union("SetPhraseResult")
]
