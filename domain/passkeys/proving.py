"""A passkey as a fresh proof that it is still you, within a session."""

from __future__ import annotations

from datetime import datetime

from domain import fresh_proofs, second_factors
from domain.decisions import decision
from domain.fresh_proofs import FRESH_FOR, Factor
from domain.passkeys import challenges
from domain.passkeys.refusals import NoPasskeys
from domain.sessions import Identity
from models.passkeys import ChallengePurpose, Passkey


async def start_proof(*, by: Identity, now: datetime) -> str:
    """What a browser needs to ask for one of the person's passkeys (JSON), within five minutes.

    Raises:
        NoPasskeys: they have none.
    """
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    owned = await Passkey.filter(person_id=by.person_id).order_by("id")
    if not owned:
        raise NoPasskeys
    return assertions.options(
        await challenges.ask(by.session_id, ChallengePurpose.PROVE, now), owned
    )


async def prove(*, by: Identity, credential: str, now: datetime, address: str = "") -> datetime:
    """Until when it counts that the person of this session has just used one of their passkeys.

    It is two kinds of proof at once. Not for use inside a decision: whatever is refused, the
    challenge is used up.

    Raises:
        PasskeyRefused: for every reason there is.
    """
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    assertions.read(credential)
    challenge = await challenges.take(by.session_id, ChallengePurpose.PROVE, now)
    async with decision() as announce:
        await assertions.prove(by.person_id, credential, challenge, now)
        await second_factors.found_again(
            announce, by.person_id, now, address=address, session_id=by.session_id
        )
        await fresh_proofs.note(by.session_id, Factor.PASSKEY, now=now)
    return now + FRESH_FOR
