"""Changing one's profile, and the phrase that letters are known by."""

from __future__ import annotations

import strawberry

from domain import phrases, profiles
from models import people as rows
from schema.context import Info
from schema.people import Person
from schema.problems.base import named
from schema.profiles import (
    PhraseSet,
    ProfileUpdated,
    SetPhraseInput,
    SetPhraseResult,
    UpdateProfileInput,
    UpdateProfileResult,
)


@strawberry.type
class ProfileMutations:
    @strawberry.mutation(description="Changes how you are called, spoken to, and where you are.")
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfileResult:
        try:
            row = await profiles.update(
                info.context.person.person_id,
                display_name=input.display_name,
                locale=None if input.locale is None else input.locale.value,
                time_zone=input.time_zone,
            )
        except profiles.UPDATE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ProfileUpdated(person=Person.of(row))

    @strawberry.mutation(
        description="Sets the phrase by which you know letters from uPay. Needs a fresh proof."
    )
    async def set_phrase(self, info: Info, input: SetPhraseInput) -> SetPhraseResult:
        by = info.context.person
        try:
            await phrases.set_phrase(
                by, input.phrase, info.context.now, address=info.context.client
            )
        except phrases.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PhraseSet(person=Person.of(await rows.Person.get(id=by.person_id)))
