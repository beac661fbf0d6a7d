"""A passkey as the proof of a payment: it signs exactly one quote, and nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import keys, second_factors
from domain.decisions import decision
from models.passkeys import Passkey
from models.quotes import Challenge


def payment_challenge(challenge: Challenge) -> bytes:
    """What a device signs to confirm a quote (32 bytes).

    The challenge's digest binds payer, payee, amount, fee and expiry; a signature over this is for
    none but that quote.
    """
    return keys.digest("passkey_payment", challenge.id, challenge.digest.hex())


async def payment_options(person_id: UUID, challenge: Challenge) -> str | None:
    """What a browser needs to ask for that signature (JSON); None for whoever has no passkey."""
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    owned = await Passkey.filter(person_id=person_id).order_by("id")
    return assertions.options(payment_challenge(challenge), owned) if owned else None


async def prove_payment(
    person_id: UUID, challenge: Challenge, credential: str, now: datetime
) -> None:
    """Returns when one of the person's passkeys signed for exactly this quote; joins a decision.

    `credential` is what the device answered, as JSON. `challenge` must be the person's own, and it
    is the caller's to use up: a device that does not count would be believed twice.

    Raises:
        PasskeyRefused: for every reason there is.
    """
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    async with decision() as announce:
        await assertions.prove(person_id, credential, payment_challenge(challenge), now)
        await second_factors.found_again(announce, person_id, now)
