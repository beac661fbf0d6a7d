"""Recovery codes: ten that stand in for a second factor, shown once, each used once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain import fresh_proofs, second_factors, security_events
from domain.decisions import decision
from domain.second_factors import NoSecondFactor, recovery
from domain.sessions import Identity
from models.security_events import EventKind

MAKE_REFUSALS: Final = (fresh_proofs.ProofNeeded, NoSecondFactor)


async def make(*, by: Identity, address: str, now: datetime) -> list[str]:
    """Ten fresh codes; those there were are void. They are shown now and never again.

    Raises:
        ProofNeeded: a second factor must be shown in this session as well as what its owner knows.
        NoSecondFactor: there is none that they could stand in for.
    """
    await second_factors.require_shown(by, now)
    if not await second_factors.is_enrolled(by.person_id):
        raise NoSecondFactor
    async with decision() as announce:
        codes = await recovery.replace(by.person_id, now)
        await security_events.record(
            announce,
            EventKind.RECOVERY_CODES_MADE,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
        )
    return codes
