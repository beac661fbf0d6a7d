"""The rules of passwords, choosing another, and having forgotten one; the same on both APIs."""

from __future__ import annotations

import strawberry

from domain import password_changes, password_resets, passwords, second_factors
from schema.context import Info
from schema.passwords import (
    ChangePasswordInput,
    ChangePasswordResult,
    CompletePasswordResetInput,
    CompletePasswordResetResult,
    PasswordChanged,
    PasswordPolicy,
    PasswordReplaced,
    PasswordResetAsked,
    RequestPasswordResetInput,
    RequestPasswordResetResult,
)
from schema.problems.base import named


@strawberry.type
class PasswordQueries:
    @strawberry.field(description="What a password must be, for you or for whoever is new here.")
    async def password_policy(self, info: Info) -> PasswordPolicy:
        by = info.context.identity
        has_second_factor = by is not None and await second_factors.is_enrolled(by.person_id)
        return PasswordPolicy.of(passwords.policy(), has_second_factor=has_second_factor)


@strawberry.type
class PasswordMutations:
    @strawberry.mutation(
        description="Gives you another password and ends your other sessions. A session that may "
        "do nothing else may do everything afterwards."
    )
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordResult:
        try:
            await password_changes.change(
                by=info.context.limited_person,
                current=input.current_password,
                new=input.new_password,
                address=info.context.client,
                now=info.context.now,
            )
        except passwords.PasswordTooWeak as refusal:
            return named(refusal, info.context.language, field="newPassword")
        except password_changes.CHANGE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasswordChanged(changed_at=info.context.now)

    @strawberry.mutation(
        description="Asks for a letter to choose another password with. The answer is the same "
        "whether or not the contact is anybody's."
    )
    async def request_password_reset(
        self, info: Info, input: RequestPasswordResetInput
    ) -> RequestPasswordResetResult:
        try:
            asked = await password_resets.ask(
                contact=input.contact,
                way=input.way.value,
                address=info.context.client,
                now=info.context.now,
            )
        except password_resets.ASK_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasswordResetAsked.of(asked)

    @strawberry.mutation(
        description="Gives the owner of the letter another password. It signs nobody in."
    )
    async def complete_password_reset(
        self, info: Info, input: CompletePasswordResetInput
    ) -> CompletePasswordResetResult:
        try:
            await password_resets.complete(
                input.proof.shown(),
                input.new_password,
                address=info.context.client,
                now=info.context.now,
            )
        except passwords.PasswordTooWeak as refusal:
            return named(refusal, info.context.language, field="newPassword")
        except password_resets.COMPLETE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasswordReplaced(replaced_at=info.context.now)
