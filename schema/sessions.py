"""Signing in, staying in, signing out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.people import Person
from schema.problems import people as problems


@strawberry.type(
    description="Tokens of one session. The access token goes into the header "
    "`Authorization: Bearer …` and lives 15 minutes; the refresh token renews both, once."
)
class Tokens:
    access_token: str
    refresh_token: str
    access_expires_at: datetime
    session_expires_at: datetime = strawberry.field(
        description="When the session ends whatever happens."
    )


@strawberry.input
class SignInInput:
    name: str = strawberry.field(
        description="Account name, verified telephone number or verified e-mail address."
    )
    password: str
    code: str | None = strawberry.field(
        default=None, description="The code of the authenticator app, for whoever has one."
    )


@strawberry.type(description="You are in.")
class SignedIn:
    person: Person
    tokens: Tokens


SignInResult = Annotated[
    SignedIn | problems.SignInRefused | problems.SignInLocked | problems.SecondFactorRequired,
    strawberry.union("SignInResult"),
]


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@strawberry.type(
    description="New tokens; the ones shown are spent. Repeated within ten seconds, because an "
    "answer was lost, it gives the same tokens again."
)
class SessionRefreshed:
    tokens: Tokens


RefreshSessionResult = Annotated[
    SessionRefreshed | problems.SessionEnded, strawberry.union("RefreshSessionResult")
]


@strawberry.type(description="The session is over, on every device that held its tokens.")
class SignedOut:
    ended_at: datetime
