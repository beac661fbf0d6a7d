"""Signing in with a passkey: no name is asked for, so none can be guessed, and no password."""

from __future__ import annotations

from datetime import datetime

from domain import devices, second_factors, sessions
from domain.decisions import decision
from domain.fresh_proofs import Factor
from domain.passkeys import challenges
from domain.passkeys.refusals import refused
from models.passkeys import Passkey
from models.people import Person
from models.sessions import Audience


def start_sign_in(audience: Audience, now: datetime) -> str:
    """What a browser needs to ask for any passkey of this site (JSON), within five minutes.

    Nobody needs to be signed in, and it is made the same way for everybody; nothing is written.
    """
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    return assertions.options(challenges.for_anybody(audience, now), [])


async def sign_in(
    *,
    credential: str,
    audience: Audience,
    client: str,
    now: datetime,
    device: devices.Shown | None = None,
) -> sessions.SignedIn:
    """Opens a session for the owner of the passkey, also while their password is locked or too old.

    A passkey is two kinds of proof: no code is asked beside it. `client` is the network address.

    Raises:
        PasskeyRefused: for every reason there is, whoever's passkey it is.
    """
    from domain.passkeys import assertions  # It loads WebAuthn, which a start does without.

    shown = assertions.read(credential)
    challenge = assertions.challenge_of(shown)
    challenges.check_for_anybody(challenge, audience, now)
    passkey = await Passkey.get_or_none(credential_id=shown.raw_id)
    if passkey is None or shown.response.user_handle is None:
        raise refused("it is unknown here, or does not say whose it is")
    person = await Person.get(id=passkey.person_id)
    async with decision() as announce:
        await assertions.accept(shown, passkey, challenge, now)
        if not sessions.may_open(person, audience):
            raise refused("its owner may not come in here")
        await challenges.spend(challenge)
        await second_factors.found_again(announce, person.id, now, address=client)
        return await sessions.open_session(
            person,
            audience=audience,
            client=client,
            now=now,
            factors=(Factor.PASSKEY,),
            device=device or devices.Shown(),
        )
