"""Making passkeys, keeping them in order, and signing in with them; the same at the desk."""

from __future__ import annotations

import strawberry

from domain import passkeys
from schema import ids
from schema.context import Info
from schema.passkey_sign_ins import SignInWithPasskeyInput, SignInWithPasskeyResult
from schema.passkeys import (
    FinishPasskeyInput,
    FinishPasskeyResult,
    NamePasskeyInput,
    NamePasskeyResult,
    Passkey,
    PasskeyAdded,
    PasskeyAsked,
    PasskeyNamed,
    PasskeyRemoved,
    RemovePasskeyInput,
    RemovePasskeyResult,
    StartPasskeyProofResult,
    StartPasskeyResult,
)
from schema.problems.base import named
from schema.sessions import SignedIn


@strawberry.type
class PasskeyMutations:
    @strawberry.mutation(
        description="Begins to make a passkey on the device in hand; you must have proved lately "
        "that it is you."
    )
    async def start_passkey(self, info: Info) -> StartPasskeyResult:
        try:
            options = await passkeys.start(by=info.context.person, now=info.context.now)
        except passkeys.START_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasskeyAsked(options=options)

    @strawberry.mutation(description="Keeps the passkey that the device has made.")
    async def finish_passkey(self, info: Info, input: FinishPasskeyInput) -> FinishPasskeyResult:
        try:
            row = await passkeys.finish(
                by=info.context.person,
                name=input.name,
                credential=input.credential,
                now=info.context.now,
                address=info.context.client,
            )
        except passkeys.PasskeyRefused as refusal:
            return named(refusal, info.context.language, field="credential")
        except passkeys.FINISH_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasskeyAdded(passkey=Passkey.of(row))

    @strawberry.mutation(description="Calls one of your passkeys as you like.")
    async def name_passkey(self, info: Info, input: NamePasskeyInput) -> NamePasskeyResult:
        try:
            row = await passkeys.rename(
                by=info.context.person,
                passkey_id=ids.parse(input.passkey_id, ids.Prefix.PASSKEY),
                name=input.name,
            )
        except passkeys.RENAME_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasskeyNamed(passkey=Passkey.of(row))

    @strawberry.mutation(
        description="Takes one of your passkeys away; you must have shown a second factor lately, "
        "and this passkey is one. Sessions stay open."
    )
    async def remove_passkey(self, info: Info, input: RemovePasskeyInput) -> RemovePasskeyResult:
        try:
            row = await passkeys.remove(
                by=info.context.person,
                passkey_id=ids.parse(input.passkey_id, ids.Prefix.PASSKEY),
                now=info.context.now,
                address=info.context.client,
            )
        except passkeys.REMOVE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasskeyRemoved(passkey=Passkey.of(row))

    @strawberry.mutation(
        description="Begins to prove with a passkey that it is you: see `proveIdentity`."
    )
    async def start_passkey_proof(self, info: Info) -> StartPasskeyProofResult:
        try:
            options = await passkeys.start_proof(by=info.context.person, now=info.context.now)
        except passkeys.START_PROOF_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PasskeyAsked(options=options)

    @strawberry.mutation(
        description="Begins to sign in with a passkey: no name is needed, the device knows whose "
        "it is."
    )
    def start_passkey_sign_in(self, info: Info) -> PasskeyAsked:
        options = passkeys.start_sign_in(info.context.audience, info.context.now)
        return PasskeyAsked(options=options)

    @strawberry.mutation(
        description="Opens a session for the owner of the passkey. No code is needed beside it, "
        "and it works while the password is locked."
    )
    async def sign_in_with_passkey(
        self, info: Info, input: SignInWithPasskeyInput
    ) -> SignInWithPasskeyResult:
        try:
            signed_in = await passkeys.sign_in(
                credential=input.credential,
                audience=info.context.audience,
                client=info.context.client,
                now=info.context.now,
                device=None if input.device is None else input.device.shown(),
            )
        except passkeys.SIGN_IN_REFUSALS as refusal:
            return named(refusal, info.context.language, field="credential")
        return SignedIn.of(signed_in)
