"""Recovery codes as they are kept: each used once, and taken however it is typed."""

from __future__ import annotations

import hmac
import secrets as randomness
import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import secrets, security_events
from domain.decisions import decision
from domain.second_factors import sealing
from models.factors import RecoveryCode, RecoverySet
from models.ids import new_id
from models.security_events import EventKind

COUNT: Final = 10
LENGTH: Final = 12
"""Letters of a code: five bits each, so 60 bits."""

_GROUP: Final = 4
_KEY_BYTES: Final = 32
_PURPOSE: Final = "recovery-codes"
_LONGEST: Final = 64
"""Characters of a code as it is typed, with whatever stands between its letters."""

# Crockford's letters: none that is read as another, so that what was meant can be taken.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT: Final = str.maketrans("OIL", "011")


async def replace(person_id: UUID, now: datetime, *, count: int = COUNT) -> list[str]:
    """Fresh codes in the place of those there were, inside the caller's decision."""
    key = randomness.token_bytes(_KEY_BYTES)
    fresh = RecoverySet(person_id=person_id, sealed_secret=secrets.seal(_PURPOSE, key), made_at=now)
    # Its row is locked by this: two who make codes at once do it one after the other.
    await RecoverySet.bulk_create(
        [fresh], on_conflict=["person_id"], update_fields=["sealed_secret", "made_at"]
    )
    await RecoveryCode.filter(person_id=person_id).delete()
    codes = ["".join(randomness.choice(_LETTERS) for _ in range(LENGTH)) for _ in range(count)]
    await RecoveryCode.bulk_create(
        [RecoveryCode(id=new_id(), person_id=person_id, mac=_mac(key, code)) for code in codes]
    )
    return ["-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP)) for code in codes]


async def take(
    person_id: UUID, typed: str, now: datetime, *, address: str = "", session_id: UUID | None = None
) -> bool:
    """Whether the code is right and not used before; this uses it up, and a letter says so."""
    letters = _read(typed)
    if letters is None:
        return False
    async with decision() as announce:
        kept = await RecoverySet.get_or_none(person_id=person_id)
        if kept is None:
            return False
        mac = _mac(secrets.unseal(_PURPOSE, kept.sealed_secret), letters)
        unused = RecoveryCode.filter(person_id=person_id, used_at__isnull=True)
        if not await unused.filter(mac=mac).update(used_at=now):
            return False
        await security_events.record(
            announce,
            EventKind.RECOVERY_CODE_USED,
            person_id=person_id,
            now=now,
            session_id=session_id,
            address=address,
            left=await unused.count(),
        )
    return True


async def reseal(*, limit: int) -> int:
    """Seals the keys of up to `limit` sets anew; as `domain.second_factors.reseal`."""
    return await sealing.anew(RecoverySet, _PURPOSE, limit=limit)


def _read(typed: str) -> str | None:
    """The letters that were meant; None when it cannot be a code of ours."""
    if len(typed) > _LONGEST:
        return None
    shown = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(char for char in shown if char.isalnum()).translate(_MEANT)
    is_code = len(letters) == LENGTH and all(letter in _LETTERS for letter in letters)
    return letters if is_code else None


def _mac(key: bytes, letters: str) -> bytes:
    return hmac.digest(key, letters.encode(), "sha256")
