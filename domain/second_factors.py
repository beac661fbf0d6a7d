"""The second factor: time-based codes (RFC 6238), each accepted once."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from tortoise.connection import get_connection

from domain import secrets
from domain.decisions import decision
from models.database import client
from models.people import Totp

ISSUER: Final = "uPay"
STEP_SECONDS: Final = 30
WINDOW_STEPS: Final = 1
_PURPOSE: Final = "totp"


async def enrol(person_id: UUID, now: datetime) -> str:
    """Gives a person a secret for their authenticator app; one they had is replaced.

    The secret (base32) is shown now and never again; it is kept sealed.
    """
    secret = pyotp.random_base32()
    await client().execute_query(
        "INSERT INTO totps (person_id, sealed_secret, created_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (person_id) DO UPDATE SET sealed_secret = $2, last_counter = 0, "
        "created_at = $3",
        [person_id, secrets.seal(_PURPOSE, secret.encode()), now],
    )
    return secret


def provisioning_uri(secret: str, account_name: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


async def accept(person_id: UUID, code: str, now: datetime) -> bool:
    """Whether the code is right and new; a code of this step or an earlier one is not new again."""
    kept = await Totp.get_or_none(person_id=person_id)
    if kept is None:
        return False
    secret = secrets.unseal(_PURPOSE, kept.sealed_secret).decode()
    counter = _matching_counter(secret, code, now)
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


# Who is enrolling or signing in at this moment is left for the next time.
_SEALED_BEFORE: Final = """
    SELECT person_id, sealed_secret FROM totps
    WHERE substr(sealed_secret, 2, get_byte(sealed_secret, 0)) = ANY ($1)
    ORDER BY person_id LIMIT $2 FOR UPDATE SKIP LOCKED
"""


async def reseal(*, limit: int) -> int:
    """Seals up to `limit` secrets of older keys with the current one; returns how many.

    Their codes stay right. 0 means that none is left whose key is on the keyring, but for those
    being changed at this moment.

    Raises:
        InvalidTag: a secret was not sealed with the key of that id; this batch stays as it was.
    """
    older = [key_id.encode() for key_id in secrets.key_ids()[1:]]
    async with decision():
        connection = get_connection("default")
        rows = await connection.execute_query_dict(_SEALED_BEFORE, [older, limit])
        for row in rows:
            plain = secrets.unseal(_PURPOSE, row["sealed_secret"])
            await Totp.filter(person_id=row["person_id"]).update(
                sealed_secret=secrets.seal(_PURPOSE, plain)
            )
    return len(rows)


def _matching_counter(secret: str, code: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    for counter in range(present - WINDOW_STEPS, present + WINDOW_STEPS + 1):
        if secrets.is_same(code[:16], totp.generate_otp(counter)):
            return counter
    return None
