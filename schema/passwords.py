"""Passwords: what they must be, choosing another, and having forgotten one."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from domain import password_resets
from domain import passwords as rules
from models.passwords import ResetWay
from schema import ids
from schema.problems import passwords as problems
from schema.problems.sessions import SignInLocked


@strawberry.enum(
    description="Which school of rules passwords follow here: CLASSES asks for letters, digits and "
    "symbols, and for another password after a while; NIST for length alone, and for no change "
    "without a cause."
)
class PasswordProfile(Enum):
    CLASSES = rules.Profile.CLASSES
    NIST = rules.Profile.NIST


@strawberry.type(
    description="What a password must be. Whatever the profile, it must also not be one that many "
    "would try: see `reasons` of `PasswordTooWeak`."
)
class PasswordPolicy:
    profile: PasswordProfile
    min_length: int = strawberry.field(
        description="Characters at the least; fewer for whoever has a second factor, if the "
        "profile is NIST."
    )
    max_length: int = strawberry.field(description="Characters at the most.")
    classes: bool = strawberry.field(
        description="Whether it holds a letter, a digit and a symbol; a space is a symbol."
    )
    max_age_days: int | None = strawberry.field(
        description="After how many days whoever has no second factor must choose another; null "
        "for never."
    )
    suggestion: str = strawberry.field(
        description="A password made just for you, that keeps the rules."
    )

    @classmethod
    def of(cls, policy: rules.Policy, *, has_second_factor: bool) -> PasswordPolicy:
        age = policy.max_age
        return cls(
            profile=PasswordProfile(policy.profile),
            min_length=policy.min_length(has_second_factor=has_second_factor),
            max_length=rules.MAX_LENGTH,
            classes=policy.needs_classes,
            max_age_days=None if age is None else age.days,
            suggestion=rules.suggestion(),
        )


@strawberry.input
class ChangePasswordInput:
    current_password: str
    new_password: str = strawberry.field(
        description="None of your last four; `passwordPolicy` says what it must be."
    )


@strawberry.type(description="The password is another, and every session but this one has ended.")
class PasswordChanged:
    changed_at: datetime


@strawberry.enum(
    description="What the letter about a forgotten password holds: a LINK to a page of uPay that "
    "asks for another one, or a CODE of six digits for `completePasswordReset`."
)
class PasswordResetWay(Enum):
    LINK = ResetWay.LINK
    CODE = ResetWay.CODE


@strawberry.input
class RequestPasswordResetInput:
    contact: str = strawberry.field(
        description="An e-mail address, or a telephone number in international form."
    )
    way: PasswordResetWay = strawberry.field(
        default=PasswordResetWay.LINK,
        description="To a telephone a code goes in any case.",
    )


@strawberry.type(
    description="If the contact is somebody's, a letter is on its way; whether it is, nobody is "
    "told here."
)
class PasswordResetAsked:
    reset_id: strawberry.ID = strawberry.field(
        description="To be shown together with the code; given to everybody who asks."
    )
    expires_at: datetime = strawberry.field(description="Until when the link or the code is good.")

    @classmethod
    def of(cls, asked: password_resets.Asked) -> PasswordResetAsked:
        return cls(
            reset_id=strawberry.ID(ids.public(ids.Prefix.PASSWORD_RESET, asked.id)),
            expires_at=asked.expires_at,
        )


@strawberry.input
class PasswordResetCodeInput:
    reset_id: strawberry.ID
    code: str = strawberry.field(description="The six digits; five wrong ones void them.")


@strawberry.input(description="What the letter brought.", one_of=True)
class PasswordResetProofInput:
    token: strawberry.Maybe[str] = strawberry.field(description="The last part of the link.")
    code: strawberry.Maybe[PasswordResetCodeInput]

    def shown(self) -> password_resets.ByLink | password_resets.ByCode:
        if self.code:
            return password_resets.ByCode(_reset_id(self.code.value.reset_id), self.code.value.code)
        return password_resets.ByLink(self.token.value if self.token else "")


@strawberry.input
class CompletePasswordResetInput:
    proof: PasswordResetProofInput
    new_password: str = strawberry.field(
        description="None of your last four; `passwordPolicy` says what it must be."
    )


@strawberry.type(
    description="The password is another, and every session has ended. Sign in with it; a second "
    "factor is asked for as before."
)
class PasswordReplaced:
    replaced_at: datetime


def _reset_id(text: str) -> UUID:
    """What is no id is answered like an id that was never given out."""
    try:
        return ids.parse(text, ids.Prefix.PASSWORD_RESET)
    except ids.IdUnknown:
        return UUID(int=0)


ChangePasswordResult = Annotated[
    PasswordChanged
    | problems.CurrentPasswordWrong
    | SignInLocked
    | problems.PasswordTooWeak
    | problems.PasswordUsedBefore,
    strawberry.union("ChangePasswordResult"),
]
RequestPasswordResetResult = Annotated[
    PasswordResetAsked | problems.TooManyPasswordResets,
    strawberry.union("RequestPasswordResetResult"),
]
CompletePasswordResetResult = Annotated[
    PasswordReplaced
    | problems.PasswordResetDead
    | problems.PasswordTooWeak
    | problems.PasswordUsedBefore,
    strawberry.union("CompletePasswordResetResult"),
]
