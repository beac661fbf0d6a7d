"""Second factors: an authenticator app, passkeys, and recovery codes for when those are gone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import guards
from domain.decisions import decision
from domain.fresh_proofs import Factor
from domain.second_factors import apps, recovery
from domain.second_factors.apps import enrol, provisioning_uri
from domain.second_factors.losses import found_again
from domain.second_factors.standing import (
    FactorRequired,
    NoSecondFactor,
    Standing,
    is_enrolled,
    lock,
    require_shown,
    settle_removal,
    standing,
)
from models.people import GuardedFactor

__all__ = [
    "FactorRequired",
    "NoSecondFactor",
    "Standing",
    "accept",
    "enrol",
    "found_again",
    "guess",
    "is_enrolled",
    "lock",
    "provisioning_uri",
    "require_shown",
    "reseal",
    "settle_removal",
    "standing",
    "take",
]


async def take(
    person_id: UUID, code: str, now: datetime, *, address: str = "", session_id: UUID | None = None
) -> Factor | None:
    """Which factor a code was that is right and not used before; None when it is neither.

    `code` is six digits of the authenticator app or a recovery code. Whoever has either has not
    lost everything: a report that says so is withdrawn. Not for use inside a decision, which could
    roll the use back.
    """
    factor = None
    if await apps.accept(person_id, code, now):
        factor = Factor.TOTP
    elif await recovery.take(person_id, code, now, address=address, session_id=session_id):
        factor = Factor.RECOVERY_CODE
    if factor is not None:
        async with decision() as announce:
            await found_again(announce, person_id, now, address=address, session_id=session_id)
    return factor


async def guess(
    person_id: UUID,
    code: str,
    now: datetime,
    *,
    guarded: UUID,
    address: str = "",
    session_id: UUID | None = None,
) -> Factor | None:
    """As `take`, with each try counted before it is looked at, at the guard of `guarded`.

    Raises:
        SignInLocked: five were wrong.
    """
    await guards.take_try(
        guarded, now, person_id=person_id, factor=GuardedFactor.CODE, address=address
    )
    factor = await take(person_id, code, now, address=address, session_id=session_id)
    if factor is not None:
        await guards.forget_tries(guarded, factor=GuardedFactor.CODE)
    return factor


async def accept(person_id: UUID, code: str, now: datetime) -> bool:
    """Whether `take` finds the code right."""
    return await take(person_id, code, now) is not None


async def reseal(*, limit: int) -> int:
    """Seals up to `limit` secrets of older keys with the current one; returns how many.

    Codes of apps and recovery codes stay right. 0 means that none is left whose key is on the
    keyring, but for those being changed at this moment.

    Raises:
        InvalidTag: a secret was not sealed with the key of that id; this batch stays as it was.
    """
    sealed = await apps.reseal(limit=limit)
    return sealed or await recovery.reseal(limit=limit)
