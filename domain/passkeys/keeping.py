"""What an owner does with a passkey they have: calling it something else, taking it away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import second_factors, security_events
from domain.decisions import decision
from domain.passkeys.registering import checked_name
from domain.refusals import NotFound
from domain.sessions import Identity
from models.passkeys import Passkey
from models.security_events import EventKind


async def owned(person_id: UUID) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    return await Passkey.filter(person_id=person_id).order_by("id")


async def rename(*, by: Identity, passkey_id: UUID, name: str) -> Passkey:
    """Calls one's own passkey something else.

    Raises:
        NotFound: it is none of theirs.
        PasskeyNameInvalid: see there.
    """
    called = checked_name(name)
    if not await Passkey.filter(id=passkey_id, person_id=by.person_id).update(name=called):
        raise NotFound
    return await Passkey.get(id=passkey_id)


async def remove(*, by: Identity, passkey_id: UUID, now: datetime, address: str = "") -> Passkey:
    """Takes one's own passkey away: it proves nothing from now on. Sessions stay open.

    The passkey itself may be what was shown; whose device is gone reports that instead.

    Raises:
        NotFound: it is none of theirs.
        ProofNeeded: a second factor must have been shown in this session.
        FactorRequired: it is the last one of somebody who works at the desk.
    """
    passkey = await Passkey.get_or_none(id=passkey_id, person_id=by.person_id)
    if passkey is None:
        raise NotFound
    await second_factors.require_shown(by, now)
    async with decision() as announce:
        await second_factors.lock(by.person_id)
        if not await Passkey.filter(id=passkey.id).delete():
            raise NotFound
        await second_factors.settle_removal(by)
        await security_events.record(
            announce,
            EventKind.PASSKEY_REMOVED,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
            name=passkey.name,
        )
    return passkey
