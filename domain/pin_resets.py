"""A PIN that was forgotten: replaced by whoever proves otherwise who they are, and cooled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import fresh_proofs, pins, secrets, security_events
from domain.decisions import decision
from domain.sessions import Identity
from models.people import Pin
from models.security_events import EventKind

COOLING: Final = timedelta(hours=24)
"""For how long a PIN that was reset is not enough alone: whoever reset it may not be its owner."""

PROOFS: Final = 2
_ITSELF: Final = frozenset({fresh_proofs.Factor.PIN})

RESET_REFUSALS: Final = (pins.PinTooSimple, fresh_proofs.ProofNeeded, pins.PinNotSet)


async def reset(*, by: Identity, pin: str, address: str, now: datetime) -> None:
    """Replaces the PIN. It starts unlocked, because more was proved than a PIN could.

    For a day it is not enough alone: see `is_cooling`.

    Raises:
        PinTooSimple: see there; the proofs were not looked at.
        ProofNeeded: two kinds of proof must be fresh in this session, and the PIN is none of them.
        PinNotSet: there is none to reset.
    """
    pins.check_strength(pin)
    await fresh_proofs.require(by, now, count=PROOFS, without=_ITSELF)
    key_id = secrets.current_key_id()
    [mac] = pins.macs(by.person_id, pin, [key_id])
    async with decision() as announce:
        changed = await Pin.filter(person_id=by.person_id).update(
            mac=mac,
            key_id=key_id,
            set_at=now,
            reset_at=now,
            wrong_tries=0,
            lockouts=0,
            locked_until=None,
        )
        if not changed:
            raise pins.PinNotSet
        await security_events.record(
            announce,
            EventKind.PIN_RESET,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
        )


async def doubt(person_id: UUID, now: datetime) -> None:
    """Lets the PIN somebody has not be enough alone for a day; inside the caller's decision."""
    await Pin.filter(person_id=person_id).update(reset_at=now)


def is_cooling(pin: Pin, now: datetime) -> bool:
    """Whether a payment needs more than this PIN, because it was reset within a day."""
    return pin.reset_at is not None and pin.reset_at > now - COOLING
