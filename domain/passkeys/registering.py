"""Making a passkey: the device is asked for one, and what it answers is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain import fresh_proofs, names, second_factors, security_events
from domain.decisions import decision
from domain.passkeys import challenges
from domain.passkeys.refusals import PasskeyNameInvalid, TooManyPasskeys, refused
from domain.sessions import Identity
from models.ids import new_id
from models.passkeys import ChallengePurpose, Passkey
from models.people import Person
from models.security_events import EventKind

MOST: Final = 10
"""How many passkeys one person may have."""


async def start(*, by: Identity, now: datetime) -> str:
    """What a browser needs to let a device make a passkey (JSON), within five minutes.

    Raises:
        ProofNeeded: a proof must be fresh in this session, for the first second factor any, later
            one that was there before.
        TooManyPasskeys: ten are enough.
    """
    from domain.passkeys import registrations  # It loads WebAuthn, which a start does without.

    owned = await Passkey.filter(person_id=by.person_id).order_by("id")
    if await second_factors.is_enrolled(by.person_id):
        await second_factors.require_shown(by, now)
    else:
        await fresh_proofs.require(by, now)
    if len(owned) >= MOST:
        raise TooManyPasskeys(MOST)
    person = await Person.get(id=by.person_id)
    return registrations.options(
        person, await challenges.ask(by.session_id, ChallengePurpose.REGISTER, now), owned
    )


async def finish(
    *, by: Identity, name: str, credential: str, now: datetime, address: str = ""
) -> Passkey:
    """Keeps the passkey that a device made, and tells its owner by a letter.

    That a proof was fresh was asked when it began. Whatever is refused, the challenge is used up.

    Raises:
        PasskeyNameInvalid: see there.
        PasskeyRefused: the device's answer is not what was asked for in this session.
        TooManyPasskeys: ten are enough.
    """
    from domain.passkeys import registrations  # It loads WebAuthn, which a start does without.

    called = checked_name(name)
    shown = registrations.read(credential)
    challenge = await challenges.take(by.session_id, ChallengePurpose.REGISTER, now)
    verified = registrations.verified(shown, challenge)
    passkey = Passkey(
        id=new_id(),
        person_id=by.person_id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=",".join(dict.fromkeys(shown.response.transports or ())),
        is_synced=verified.credential_backed_up,
        name=called,
        created_at=now,
    )
    async with decision() as announce:
        await _keep(passkey)
        await security_events.record(
            announce,
            EventKind.PASSKEY_ADDED,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
            name=called,
        )
    return passkey


def checked_name(name: str) -> str:
    """What an owner calls their passkey.

    Raises:
        PasskeyNameInvalid: see there.
    """
    try:
        return names.display_name(name)
    except names.DisplayNameInvalid:
        raise PasskeyNameInvalid from None


async def _keep(passkey: Passkey) -> None:
    # Of two that are added at once the second one sees the first.
    await second_factors.lock(passkey.person_id)
    if await Passkey.filter(person_id=passkey.person_id).count() >= MOST:
        raise TooManyPasskeys(MOST)
    await Passkey.bulk_create([passkey], ignore_conflicts=True)
    if not await Passkey.exists(id=passkey.id):
        raise refused("it is registered already")
