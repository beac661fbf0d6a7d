"""Authenticator apps: time-based codes (RFC 6238), each accepted once."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from tortoise.connection import get_connection

from domain import secrets
from domain.decisions import decision
from domain.second_factors import sealing
from models.database import client
from models.people import Totp

ISSUER: Final = "uPay"
STEP_SECONDS: Final = 30
WINDOW_STEPS: Final = 1
_PURPOSE: Final = "totp"


async def enrol(person_id: UUID, now: datetime) -> str:
    """Gives a person a secret that counts at once; an app they had is replaced.

    For whoever runs the server. The secret (base32) is shown now and never again; it is kept
    sealed.
    """
    secret = fresh()
    async with decision():
        await put_in_force(person_id, sealed(secret), last_counter=0, now=now)
    return secret


def fresh() -> str:
    """A secret in base32, with 160 random bits."""
    return pyotp.random_base32()


def sealed(secret: str) -> bytes:
    """A secret as it is kept."""
    return secrets.seal(_PURPOSE, secret.encode())


def opened(sealed_secret: bytes) -> str:
    """The secret behind what is kept.

    Raises:
        InvalidTag: the key it was sealed with is not on the keyring.
    """
    return secrets.unseal(_PURPOSE, sealed_secret).decode()


async def put_in_force(
    person_id: UUID, sealed_secret: bytes, *, last_counter: int, now: datetime
) -> None:
    """Makes an app the one whose codes count, from after `last_counter` on; in a decision."""
    await get_connection("default").execute_query(
        "INSERT INTO totps (person_id, sealed_secret, last_counter, created_at) "
        "VALUES ($1, $2, $3, $4) ON CONFLICT (person_id) DO UPDATE "
        "SET sealed_secret = $2, last_counter = $3, created_at = $4",
        [person_id, sealed_secret, last_counter, now],
    )


def provisioning_uri(secret: str, account_name: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


async def accept(person_id: UUID, code: str, now: datetime) -> bool:
    """Whether the code is right and new; a code of this step or an earlier one is not new again."""
    kept = await Totp.get_or_none(person_id=person_id)
    if kept is None:
        return False
    counter = matching_counter(opened(kept.sealed_secret), code, now)
    if counter is None:
        return False
    rows = await client().execute_query_dict(
        "UPDATE totps SET last_counter = $2 WHERE person_id = $1 AND last_counter < $2 "
        "AND sealed_secret = $3 RETURNING person_id",
        [person_id, counter, kept.sealed_secret],
    )
    if rows:
        return True
    kept_since = await Totp.get_or_none(person_id=person_id)
    if kept_since is None or kept_since.sealed_secret == kept.sealed_secret:
        return False
    # Sealed anew between the two statements: whether it is another secret must be looked at again.
    return await accept(person_id, code, now)


async def reseal(*, limit: int) -> int:
    """Seals up to `limit` secrets of older keys with the current one; returns how many.

    Their codes stay right. 0 means that none is left whose key is on the keyring, but for those
    being changed at this moment.

    Raises:
        InvalidTag: a secret was not sealed with the key of that id; this batch stays as it was.
    """
    return await sealing.anew(Totp, _PURPOSE, limit=limit)


def matching_counter(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that a code is of, a step early or late allowed; None when it is none."""
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    for counter in range(present - WINDOW_STEPS, present + WINDOW_STEPS + 1):
        if secrets.is_same(code[:16], totp.generate_otp(counter)):
            return counter
    return None
