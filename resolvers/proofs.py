"""Proving again, within a session, that it is still its owner; the same at the desk."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain import proofs
from schema import ids
from schema.contacts import Contact
from schema.context import Info
from schema.problems.base import named
from schema.sessions import (
    IdentityProofInput,
    IdentityProved,
    ProofCodeSent,
    ProveIdentityInput,
    ProveIdentityResult,
    SendProofCodeInput,
    SendProofCodeResult,
)


@strawberry.type
class ProofMutations:
    @strawberry.mutation(
        description="Proves in this session that it is you, before what a token alone may not do."
    )
    async def prove_identity(self, info: Info, input: ProveIdentityInput) -> ProveIdentityResult:
        try:
            until = await _proved(info, input.proof)
        except proofs.PROVE_REFUSALS as refusal:
            return named(refusal, info.context.language, field=f"proof.{input.proof.way()}")
        return IdentityProved(until=until)

    @strawberry.mutation(
        description="Sends a code to one of your contacts, to prove with that it is you."
    )
    async def send_proof_code(self, info: Info, input: SendProofCodeInput) -> SendProofCodeResult:
        try:
            row = await proofs.send_code(
                info.context.person,
                ids.parse(input.contact_id, ids.Prefix.CONTACT),
                info.context.now,
            )
        except proofs.SEND_CODE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ProofCodeSent(contact=Contact.of(row))


async def _proved(info: Info, proof: IdentityProofInput) -> datetime:
    """Until when the proof counts; one of its ways is always given."""
    by, now = info.context.person, info.context.now
    if proof.password is not None:
        return await proofs.by_password(by, proof.password.value, now)
    if proof.pin is not None:
        return await proofs.by_pin(by, proof.pin.value, now)
    if proof.code is not None:
        return await proofs.by_code(by, proof.code.value, now, address=info.context.client)
    if proof.passkey is not None:
        return await proofs.by_passkey(by, proof.passkey.value, now, address=info.context.client)
    assert proof.contact_code is not None
    return await proofs.by_contact_code(by, proof.contact_code.value, now)
