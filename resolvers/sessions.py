"""Signing in, staying in, signing out; the same doors for customers and for the desk."""

from __future__ import annotations

import strawberry

from domain import sessions
from schema.context import Info
from schema.problems.base import named
from schema.sessions import (
    RefreshSessionInput,
    RefreshSessionResult,
    SessionRefreshed,
    SignedIn,
    SignedOut,
    SignInInput,
    SignInResult,
    Tokens,
)


@strawberry.type
class SessionMutations:
    @strawberry.mutation(description="Opens a session; at the desk a second factor is needed.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInResult:
        try:
            signed_in = await sessions.sign_in(
                name=input.name,
                password=input.password,
                totp=input.code,
                device=None if input.device is None else input.device.shown(),
                audience=info.context.audience,
                client=info.context.client,
                now=info.context.now,
            )
        except sessions.SIGN_IN_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return SignedIn.of(signed_in)

    @strawberry.mutation(description="Renews both tokens of a session.")
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> RefreshSessionResult:
        try:
            tokens = await sessions.refresh(
                input.refresh_token, info.context.audience, info.context.now
            )
        except sessions.REFRESH_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return SessionRefreshed(tokens=Tokens.of(tokens))

    @strawberry.mutation(description="Ends this session.")
    async def sign_out(self, info: Info) -> SignedOut:
        await sessions.sign_out(info.context.limited_person.session_id, info.context.now)
        return SignedOut(ended_at=info.context.now)
